import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { gather } from '../../src/collect/gather.ts';
import { collectors } from '../../src/collect/index.ts';
import { nameOwn, ownListed, withOwn } from '../../src/collect/with-own.ts';
import { bootId, identityOf } from '../../src/host/process.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Sandbox } from '../../src/model/facts.ts';
import { complete, failed } from '../../src/model/outcome.ts';
import { sandboxRecord } from '../sandbox/records.ts';
import { bareProcess } from '../support/node.ts';
import { ownSandbox } from '../support/own.ts';

let state = '';
beforeEach(() => {
  state = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-own-'));
  for (const part of ['records', 'ns', 'sandboxes', 'locks']) fs.mkdirSync(path.join(state, part));
});
afterEach(() => fs.rmSync(state, { recursive: true }));

const write = (id: string, content: object | string) =>
  fs.writeFileSync(
    path.join(state, 'records', `${id}.json`),
    typeof content === 'string' ? content : JSON.stringify(content),
  );

async function look() {
  const env = { PODCTL_STATE_DIR: state };
  const signal = new AbortController().signal;
  const own = collectors.filter((c) => c.fact === 'ownSandboxes');
  const { ownSandboxes } = await gather(
    own,
    ['ownSandboxes'],
    createReadHost(),
    { env, rpcTimeoutMs: 1000 },
    signal,
  );
  if (ownSandboxes?.status !== 'complete') throw new Error(JSON.stringify(ownSandboxes));
  return ownSandboxes;
}

test('a record is told without its secrets, with what lives of it', async () => {
  const child = spawn('sleep', ['86400']);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const pause = identityOf(child.pid ?? 0);
  const network = {
    kind: 'cni' as const,
    name: 'net1',
    file: '',
    conflist: '{"password":"hush"}',
    binDirs: [],
  };
  const base = sandboxRecord(1, { bootId: bootId(), pause, phase: 'stopped' });
  write(base.id, { ...base, spec: { ...base.spec, network } });
  write(sandboxRecord(2).id, sandboxRecord(2, { bootId: 'another', pause }));
  const { value } = await look();
  expect(value).toMatchObject([
    {
      name: 'web-1',
      sameBoot: true,
      pauseRuns: true,
      network: 'net1',
      pins: { net: base.net.path },
      busy: false,
    },
    { name: 'web-2', sameBoot: false, pauseRuns: false },
  ]);
  expect(JSON.stringify(value)).not.toContain('hush');
});

test('what cannot be read, and what has no record, is there all the same', async () => {
  const [cut, later, lost] = [1, 2, 3].map((n) => sandboxRecord(n));
  write(cut?.id ?? '', '{"schema":');
  write(later?.id ?? '', { ...later, schema: 'podctl.sandbox/v2' });
  fs.mkdirSync(path.join(state, 'ns', lost?.id ?? ''));
  const self = identityOf(process.pid);
  fs.writeFileSync(
    path.join(state, 'locks', `${lost?.id}.lock`),
    JSON.stringify({ ...self, bootId: '', command: '' }),
  );
  const { value, problems } = await look();
  expect(value.map(({ id, phase, busy }) => ({ id, phase, busy }))).toEqual([
    { id: cut?.id, phase: 'unreadable', busy: false },
    { id: later?.id, phase: 'unreadable', busy: false },
    { id: lost?.id, phase: 'unrecorded', busy: true },
  ]);
  expect(problems?.map((p) => p.message)).toEqual([
    `${state}/records/${cut?.id}.json is cut off, or no JSON`,
    `${state}/records/${later?.id}.json was written by a later podctl`,
  ]);
});

test('a pause that runs is looked into; without a state folder there is nothing', async () => {
  const self = identityOf(process.pid);
  write(sandboxRecord(1).id, sandboxRecord(1, { bootId: bootId(), pause: self }));
  const [own] = (await look()).value;
  expect(own?.inside?.links.find((l) => l.loopback)?.name).toBe('lo');
  fs.rmSync(state, { recursive: true });
  expect((await look()).value).toEqual([]);
  fs.mkdirSync(state);
});

test("podctl's own are added to what the runtime lists, and never hide that it does not answer", () => {
  const own = { ...complete([ownSandbox(1)]), ms: 0 };
  const added = withOwn<Sandbox>(complete([]), own, ownListed);
  expect(added).toMatchObject({ status: 'complete', value: [{ provider: 'podctl', state: 'ready' }] });
  expect(withOwn<Sandbox>({ status: 'absent', reason: 'none' }, own, ownListed)).toEqual(added);
  const dead = failed('timeout', 'no answer');
  expect(withOwn<Sandbox>(dead, own, ownListed)).toMatchObject({
    status: 'partial',
    problems: [dead.problem],
  });
  expect(withOwn<Sandbox>(dead, { ...complete([]), ms: 0 }, ownListed)).toBe(dead);
  expect(withOwn<Sandbox>(dead, undefined, ownListed)).toBe(dead);
});

test('a process gets its id by pid and start time, and a pause that nobody recorded by its words', () => {
  const own = ownSandbox(1);
  const [pause, reused, stray, other] = [
    bareProcess(9010, 'pause'),
    bareProcess(9011, 'app'),
    bareProcess(7, 'pause'),
    bareProcess(8, 'pause'),
  ];
  if (!pause || !reused || !stray || !other) throw new Error('no processes');
  reused.startTicks += 1;
  const words: Record<number, string> = { 7: `pause\0${own.id}\0`, 8: `pause\0${'f'.repeat(64)}\0` };
  nameOwn([pause, reused, stray, other], [own], (pid) => words[pid] ?? '');
  expect([pause, reused, stray, other].map((p) => p.containerId)).toEqual([own.id, null, own.id, null]);
});
