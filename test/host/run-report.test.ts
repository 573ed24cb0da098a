import { expect, it } from 'vitest';
import { runReporting } from '../../src/host/run-report.ts';
import { eventually } from '../native/native.ts';
import { processId } from '../rig/process.ts';

const sh = (script: string, timeoutMs: number | null = 20_000, more = {}) =>
  runReporting('/bin/sh', ['-c', script], { timeoutMs, ...more });

it('keeps what a program writes to descriptor 3 apart', async () => {
  const lines: string[] = [];
  const ran = await sh(
    'echo out; echo err >&2; echo one >&3; printf "two\\nthr" >&3; printf "ee\\n" >&3; exit 3',
    null,
    {
      onLine: (line: string) => lines.push(line),
    },
  );
  expect(ran).toEqual({
    exitCode: 3,
    stdout: 'out\n',
    stderr: 'err\n',
    report: 'one\ntwo\nthree\n',
    timedOut: false,
    startError: null,
  });
  expect(lines).toEqual(['one', 'two', 'three']);
});

it('says why a program cannot be started', async () => {
  const ran = await runReporting('/no/such/program', [], { timeoutMs: 1000 });
  expect([ran.exitCode, ran.startError]).toEqual([null, expect.stringContaining('ENOENT')]);
});

it('kills the whole group at the deadline, and keeps what was said until then', async () => {
  const ran = await sh('sleep 300 & echo $! >&3; wait', 500);
  expect(ran).toMatchObject({ exitCode: null, timedOut: true });
  await eventually(() => processId(Number(ran.report))).toBeNull();
});

it('stops when it is told to, and when there is too much output', async () => {
  const stop = new AbortController();
  const running = sh('sleep 300', null, { signal: stop.signal });
  stop.abort();
  expect(await running).toMatchObject({ exitCode: null, timedOut: true });
  expect(await sh('yes >&3', null, { maxOutput: 1000 })).toMatchObject({ exitCode: null, overflowed: true });
});

it('lets a signal through to an attached program, with the environment as given', async () => {
  const script = 'trap "echo got $A >&3; exit 9" USR1; echo ready >&3; while :; do sleep 0.05; done';
  let send: (signal: NodeJS.Signals) => void = () => {};
  const ran = await sh(script, null, {
    attached: true,
    env: { A: 'it', PATH: process.env.PATH },
    started: (kill: typeof send) => {
      send = kill;
    },
    onLine: (line: string) => {
      if (line === 'ready') send('SIGUSR1');
    },
  });
  expect(ran).toMatchObject({ exitCode: 9, report: 'ready\ngot it\n', stdout: '' });
});
