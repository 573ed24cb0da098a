import fs from 'node:fs';
import { expect, it } from 'vitest';
import { endLater, eventually, hasEnded, helped, helper, idOf, pause, pinned } from './native.ts';

/** A pause that is PID 1 of a PID namespace. */
async function pauseAsInit(): Promise<{ pid: number; at: string }> {
  const { at, ids } = await pinned();
  const joins = Object.entries(ids).flatMap(([type, id]) => [
    `--${type}`,
    `${at}/${type}`,
    '--expect',
    `${type}=${id}`,
  ]);
  const [line] = await helped(['pause', ...joins, '--new-pid', '--', pause, 'a-label']);
  const pid = Number(line?.pid);
  endLater(pid);
  return { pid, at };
}

const childrenOf = (pid: number) => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');

it('is nobody else’s: init’s child, in a session of its own, without our environment', async () => {
  const { pid, at } = await pauseAsInit();
  const [, ppid, , session] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  expect(Number(ppid)).not.toBe(process.pid);
  expect(Number(session)).toBe(pid);
  expect(fs.readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
  expect(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe(`${pause}\0a-label\0`);
  for (const type of ['net', 'ipc', 'uts'])
    expect(idOf(`/proc/${pid}/ns/${type}`)).toBe(idOf(`${at}/${type}`));
  expect(/NSpid:\s+\d+\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]).toBe('1');
});

it('is started with every signal blocked, so that none is lost before it blocks them itself', async () => {
  const { at } = await pinned();
  const [line] = await helped(['pause', '--net', `${at}/net`, '--', '/bin/sleep', '300']);
  endLater(Number(line?.pid));
  expect(fs.readFileSync(`/proc/${line?.pid}/status`, 'utf8')).toMatch(/SigBlk:\s+[0-9a-f]{11}bfeff\n/);
});

it('reaps 10,000 orphans', async () => {
  const { pid } = await pauseAsInit();
  const script = 'for (1..10000) { exit if !fork }';
  const ran = await helper(['enter', '--pid', `/proc/${pid}/ns/pid`, '--', 'perl', '-e', script]);
  expect(ran.code).toBe(0);
  await eventually(() => childrenOf(pid)).toBe('');
});

it('ends on SIGTERM, for which the kernel spares a first process that does not want it', async () => {
  const { pid } = await pauseAsInit();
  process.kill(pid, 'SIGTERM');
  await eventually(() => hasEnded(pid)).toBe(true);
});

it('survives SIGHUP, and SIGTERM of those inside ends it', async () => {
  const { pid } = await pauseAsInit();
  const inside = (command: string) =>
    helper(['enter', '--pid', `/proc/${pid}/ns/pid`, '--', 'sh', '-c', command]);
  expect((await inside('kill -HUP 1; kill -USR1 1; kill -KILL 1')).code).toBe(0);
  expect(hasEnded(pid)).toBe(false);
  await inside('kill -TERM 1');
  await eventually(() => hasEnded(pid)).toBe(true);
});
