import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { processId, signal } from '../rig/process.ts';
import { errorOf, eventually, folder, helper, mountsBelow, pause, pinned, type Ran } from './native.ts';

/** A cgroup for a few processes, in the hierarchy that counts them. */
function cgroup(): string {
  const root = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup'].find((at) =>
    fs.existsSync(path.join(at, 'cgroup.procs')),
  );
  if (root === undefined) throw new Error('no cgroup hierarchy that limits pids');
  const at = fs.mkdtempSync(path.join(root, 'podctl-native-'));
  onTestFinished(async () => {
    for (const { pid } of membersOf(at)) {
      const id = processId(pid);
      if (id) signal(id, 'SIGKILL');
    }
    await eventually(() => membersOf(at)).toEqual([]);
    fs.rmdirSync(at);
  });
  return at;
}

/** Live processes in a cgroup. */
function membersOf(at: string): { pid: number }[] {
  const pids = fs.readFileSync(path.join(at, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  return pids.flatMap((pid) => processId(pid) ?? []);
}

/** Runs a verb in a cgroup of at most `most` processes. */
function limited(at: string, most: number, args: string[]): Promise<Ran> {
  fs.writeFileSync(path.join(at, 'pids.max'), String(most));
  return helper(args, { under: ['sh', '-c', `echo $$ > ${at}/cgroup.procs && exec "$@"`, 'sh'] });
}

/** Raises the limit from 1 until the verb succeeds; before that it must say why, and leave no process. */
async function raise(at: string, args: string[], leftovers: () => unknown): Promise<number> {
  for (let most = 1; most < 10; most += 1) {
    const ran = await limited(at, most, args);
    if (ran.code === 0) return most;
    expect([most, errorOf(ran)?.code, ran.lines.length]).toEqual([most, 'exhausted', 1]);
    expect(errorOf(ran)?.message).toContain('raise the limit of processes');
    expect([most, membersOf(at), leftovers()]).toEqual([most, [], []]);
  }
  throw new Error('it never succeeded');
}

it('makes namespaces or nothing in a full pid table', async () => {
  const at = folder();
  const paths = ['net', 'ipc', 'uts'].flatMap((type) => [`--${type}`, path.join(at, type)]);
  const needed = await raise(cgroup(), ['create', ...paths], () => [
    ...fs.readdirSync(at),
    ...mountsBelow(at),
  ]);
  expect(needed).toBe(2);
});

it('starts a pause or nothing in a full pid table', async () => {
  const { at } = await pinned();
  const members = cgroup();
  const needed = await raise(members, ['pause', '--net', `${at}/net`, '--new-pid', '--', pause], () => []);
  expect(needed).toBe(3);
  expect(membersOf(members).length).toBe(1);
});

it('starts a program with its keeper or nothing in a full pid table', async () => {
  const at = folder();
  const files = ['--detach', '--log', `${at}/log`, '--exit-file', `${at}/exit`];
  const members = cgroup();
  const needed = await raise(members, ['enter', ...files, '--', 'sleep', '300'], () =>
    fs.readdirSync(at).filter((name) => name !== 'log'),
  );
  expect(needed).toBe(4);
  expect(membersOf(members).length).toBe(2);
});

it('pause needs no other process, and reaps while the table is full', async () => {
  const { at } = await pinned();
  const members = cgroup();
  const ran = await limited(members, 8, ['pause', '--net', `${at}/net`, '--new-pid', '--', pause]);
  const pid = Number(ran.lines[0]?.pid);
  // Orphans fill the table up to its limit: the shell's last forks fail.
  const fill =
    'for (1..20) { my $p = fork; last unless defined $p; if (!$p) { close STDOUT; close STDERR; sleep 300; exit } }';
  await limited(members, 8, ['enter', '--pid', `/proc/${pid}/ns/pid`, '--', 'perl', '-e', fill]);
  fs.writeFileSync(path.join(members, 'pids.max'), '7');
  const orphans = membersOf(members).filter((one) => one.pid !== pid);
  expect(orphans.length).toBeGreaterThanOrEqual(5);
  for (const { pid: orphan } of orphans) process.kill(orphan, 'SIGKILL');
  await eventually(() => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')).toBe('');
  expect(processId(pid)).not.toBeNull();
});
