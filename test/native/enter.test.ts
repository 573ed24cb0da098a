import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { errorOf, eventually, failing, folder, hasEnded, helper, idOf, pinned } from './native.ts';

const joinsOf = (at: string) => ['net', 'ipc', 'uts'].flatMap((type) => [`--${type}`, path.join(at, type)]);

it('runs a program in the namespaces and passes its exit code on', async () => {
  const { at, ids } = await pinned();
  const script = 'readlink /proc/self/ns/net /proc/self/ns/ipc /proc/self/ns/uts; exit 7';
  const ran = await helper(['enter', ...joinsOf(at), '--', 'sh', '-c', script]);
  const inode = (type: string) => `${type}:[${ids[type]?.split(':')[1]}]`;
  expect(ran).toMatchObject({
    code: 7,
    stderr: '',
    stdout: `${['net', 'ipc', 'uts'].map(inode).join('\n')}\n`,
  });
  expect(ran.lines).toEqual([
    { pid: expect.any(Number), start: expect.stringMatching(/^\d+$/), ns: expect.objectContaining(ids) },
    { exitCode: 7, signal: 0 },
    { done: true },
  ]);
});

it('tells the signal that ended a program', async () => {
  const ran = await helper(['enter', '--', 'sh', '-c', 'kill -9 $$']);
  expect([ran.code, ran.lines[1]]).toEqual([137, { exitCode: 137, signal: 9 }]);
});

it.each(['SIGTERM', 'SIGUSR1', 'SIGHUP'] as const)('passes %s on', async (name) => {
  const script = `trap 'exit 33' ${name.slice(3)}; echo ready; while :; do sleep 0.05; done`;
  const ran = await helper(['enter', '--', 'sh', '-c', script], {
    started: (child) => child.stdout?.once('data', () => child.kill(name)),
  });
  expect(ran.code).toBe(33);
});

it('hands a program no file of ours, and the signals as they were', async () => {
  const files = await helper(['enter', '--', 'sh', '-c', 'ls /proc/$$/fd']);
  expect(files.stdout).toBe('0\n1\n2\n');
  const signals = await helper(['enter', '--', 'grep', '-E', 'Sig(Blk|Ign)', '/proc/self/status']);
  expect(signals.stdout).toMatch(/^SigBlk:\s+0{16}\nSigIgn:\s+0{16}\n$/);
});

it('runs nothing when a namespace is not the expected one', async () => {
  const { at, ids } = await pinned();
  const expected = ['--expect', `net=${ids.net}`, '--expect', 'ipc=4:1'];
  const ran = await helper(['enter', ...joinsOf(at), ...expected, '--', 'touch', `${at}/ran`]);
  expect([ran.code, errorOf(ran)?.code, ran.lines.length]).toEqual([1, 'mismatch', 1]);
  const wrong = await helper(['enter', '--net', `${at}/ipc`, '--', 'touch', `${at}/ran`]);
  expect([wrong.code, errorOf(wrong)?.code]).toEqual([1, 'no-namespace']);
  expect(fs.existsSync(`${at}/ran`)).toBe(false);
});

it.each([
  [['/no/such/program'], 'missing'],
  [['/etc/passwd'], 'denied'],
  [['no-such-program-anywhere'], 'missing'],
])('never claims a pid for %s', async (command, code) => {
  const ran = await helper(['enter', '--new-pid', '--', ...command]);
  expect([ran.code, errorOf(ran)?.code, ran.lines.length]).toEqual([1, code, 1]);
});

it.each([
  ['setns:error=EPERM', 'denied'],
  ['setns:signal=KILL', 'failed'],
  ['clone:error=EAGAIN', 'exhausted'],
  ['execve:error=ENOMEM', 'exhausted'],
  ['execve:signal=KILL', 'failed'],
  ['pipe2:error=EMFILE:when=3', 'exhausted'],
])('claims no pid when a call fails: %s', async (fault, code) => {
  const { at } = await pinned();
  // Only the program's own exec is in the way, not that of podctl-ns.
  const under = [...failing(fault), ...(fault.startsWith('execve') ? ['-P', '/bin/true'] : [])];
  const ran = await helper(['enter', ...joinsOf(at), '--', '/bin/true'], { under });
  expect([ran.code, errorOf(ran)?.code, ran.lines.length]).toEqual([1, code, 1]);
});

it('takes PATH from the environment that it gives', async () => {
  const at = folder();
  fs.writeFileSync(path.join(at, 'own'), '#!/bin/sh\n/usr/bin/env\n', { mode: 0o755 });
  const args = ['enter', '--clear-env', '--env', `PATH=${at}`, '--env', 'A=1', '--env', 'A=2', '--', 'own'];
  const { stdout } = await helper(args);
  expect(
    stdout
      .split('\n')
      .filter((line) => !/^(PWD|_|SHLVL)=/.test(line))
      .sort(),
  ).toEqual(['', 'A=2', `PATH=${at}`]);
  const added = await helper(['enter', '--env', 'B=3', '--', '/usr/bin/env'], { env: { B: '2', C: '4' } });
  expect(added.stdout).toBe('B=3\nC=4\n');
});

it('makes its mounts in a mount namespace of its own', async () => {
  const at = folder();
  fs.writeFileSync(path.join(at, 'hosts'), 'ours\n');
  const script = `cat /etc/hosts; echo > /etc/hosts; echo > /mnt/new; ls /mnt; echo $$; mount | grep -c ' /proc '`;
  const mounts = ['--bind', `${at}/hosts:/etc/hosts:ro`, '--tmpfs', '/mnt', '--proc'];
  const ran = await helper(['enter', '--new-pid', '--new-mnt', ...mounts, '--', 'sh', '-c', script]);
  expect(ran.stdout).toBe('ours\nnew\n1\n2\n');
  expect(ran.stderr).toContain('Read-only file system');
  expect(fs.readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(`${at}/hosts`);
});

it('lives in another root, whose links do not lead out of it', async () => {
  const at = folder();
  for (const name of ['bin', 'etc', 'proc', 'lib', 'lib64', 'usr'])
    fs.mkdirSync(path.join(at, 'root', name), { recursive: true });
  fs.writeFileSync(path.join(at, 'hosts'), 'ours\n');
  fs.symlinkSync('/etc/real', path.join(at, 'root/etc/hosts'));
  const binds = ['/bin', '/lib', '/lib64', '/usr'].flatMap((name) => ['--bind', `${name}:${name}:ro`]);
  const args = [
    ...binds,
    '--bind',
    `${at}/hosts:/etc/hosts`,
    '--cwd',
    '/etc',
    '--',
    'sh',
    '-c',
    'cat hosts; ls / ; pwd',
  ];
  fs.writeFileSync(path.join(at, 'root/etc/real'), '');
  const ran = await helper(['enter', '--new-mnt', '--rootfs', `${at}/root`, '--proc', ...args]);
  expect([ran.stderr, ran.stdout]).toEqual(['', 'ours\nbin\netc\nlib\nlib64\nproc\nusr\n/etc\n']);
});

it('refuses mounts that would be the machine’s, and other nonsense', async () => {
  for (const args of [
    ['--tmpfs', '/mnt'],
    ['--proc'],
    ['--bind', '/a:/b'],
    ['--bind', 'a:b', '--new-mnt'],
    ['--hostname', 'x'],
    ['--detach'],
    ['--log', '/x'],
    ['--new-pid', '--pid', '/proc/self/ns/pid'],
    ['--expect', 'net=4:1'],
    ['--expect', 'nett=4:1'],
    ['--env', 'A'],
  ]) {
    const ran = await helper(['enter', ...args, '--', 'true']);
    expect([args, ran.code, errorOf(ran)?.code]).toEqual([args, 2, 'usage']);
  }
  expect((await helper(['enter'])).code).toBe(2);
  expect((await helper(['no-such-verb'])).code).toBe(2);
});

it('takes its program with it, when told to', async () => {
  let pid = 0;
  await helper(['enter', '--die-with-parent', '--', 'sleep', '300'], {
    onLine: (line, child) => {
      pid = Number(line.pid);
      child.kill('SIGKILL');
    },
  });
  await eventually(() => hasEnded(pid)).toBe(true);
});

it('stays outside of what it visits', async () => {
  const { at } = await pinned();
  let seen: string[] = [];
  await helper(['enter', ...joinsOf(at), '--', 'sleep', '0.2'], {
    onLine: (line, child) => {
      if (line.pid) seen = ['net', 'ipc', 'uts'].map((type) => idOf(`/proc/${child.pid}/ns/${type}`));
    },
  });
  expect(seen).toEqual(['net', 'ipc', 'uts'].map((type) => idOf(`/proc/self/ns/${type}`)));
});
