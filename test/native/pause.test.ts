import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { endOf } from '../rig/script.ts';
import { eventually, failing, pause } from './native.ts';

const version = JSON.parse(fs.readFileSync('package.json', 'utf8')).version;

/** Starts a program that is, or becomes, pause; ends it with the test. */
function start(
  file: string,
  args: string[],
  options: Parameters<typeof spawn>[2] = {},
): ChildProcess & { pid: number } {
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
  if (child.pid === undefined) throw new Error(`${file} cannot be started`);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as ChildProcess & { pid: number };
}

/** Asleep in its loop. */
async function settled(pid: number): Promise<void> {
  await eventually(() => fs.readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('pause\n');
  await eventually(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0]).toBe('S');
}

function openFiles(pid: number): string[] {
  return fs.readdirSync(`/proc/${pid}/fd`).sort();
}

function childrenOf(pid: number): string {
  return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
}

it('says its version', () => {
  expect(execFileSync(pause, ['-v'], { encoding: 'utf8' })).toBe(`pause ${version}\n`);
});

it('fails when nobody takes its version', () => {
  const full = fs.openSync('/dev/full', 'w');
  expect(spawnSync(pause, ['-v'], { stdio: ['ignore', full, 'ignore'] }).status).toBe(1);
  fs.closeSync(full);
});

it('is at most 4 KiB on disk and 16 kB in memory', async () => {
  const { pid } = start(pause, []);
  await settled(pid);
  expect(fs.statSync(pause).size).toBeLessThanOrEqual(4096);
  const resident = /VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  expect(Number(resident)).toBeLessThanOrEqual(16);
});

it.each(['SIGTERM', 'SIGINT'] as const)('ends well on %s', async (signal) => {
  const child = start(pause, []);
  await settled(child.pid);
  child.kill(signal);
  expect(await endOf(child)).toBe(0);
});

it('lives through every other signal that it can refuse', async () => {
  const child = start(pause, []);
  await settled(child.pid);
  const deadly = [
    'SIGKILL',
    'SIGSTOP',
    'SIGTERM',
    'SIGINT',
    'SIGSEGV',
    'SIGBUS',
    'SIGFPE',
    'SIGILL',
    'SIGTRAP',
    'SIGSYS',
    'SIGABRT',
  ];
  const numbers = Object.entries(os.constants.signals);
  // Some names share a number: SIGIOT is SIGABRT, SIGUNUSED is SIGSYS.
  const refused = numbers.filter(
    ([, n]) => !deadly.some((name) => n === os.constants.signals[name as NodeJS.Signals]),
  );
  for (const [, number] of refused) process.kill(child.pid, number);
  await settled(child.pid);
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  expect(await endOf(child)).toBe(0);
});

it('dies of its own faults as the kernel wants it', async () => {
  const child = start(pause, []);
  await settled(child.pid);
  child.kill('SIGSEGV');
  expect(await endOf(child)).toBeNull();
  expect(child.signalCode).toBe('SIGSEGV');
});

it('ends well on SIGTERM that its parent ignored', async () => {
  const child = start('sh', ['-c', `trap '' TERM INT; exec ${pause}`]);
  await settled(child.pid);
  child.kill('SIGTERM');
  expect(await endOf(child)).toBe(0);
});

it('keeps no inherited file and no folder busy', async () => {
  const child = start(pause, [], { cwd: os.tmpdir(), stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  await settled(child.pid);
  expect(openFiles(child.pid)).toEqual(['0', '1', '2']);
  expect(fs.readlinkSync(`/proc/${child.pid}/cwd`)).toBe('/');
});

it('closes files one by one where the kernel has no close_range', async () => {
  const [strace = '', ...args] = failing('close_range:error=ENOSYS');
  const child = start('sh', ['-c', `${strace} -D ${args.join(' ')} ${pause} & echo $!; wait`], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe', 'pipe'],
  });
  const pid = await new Promise<number>((resolve) =>
    child.stdout?.once('data', (text) => resolve(Number(text))),
  );
  await eventually(() => fs.readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('pause\n');
  await eventually(() => openFiles(pid)).toEqual(['0', '1', '2']);
  process.kill(pid, 'SIGKILL');
});

it.each([
  ['rt_sigprocmask:error=EPERM', 1, 'pause: cannot block signals: is a seccomp profile in force?\n'],
  ['chdir:error=EACCES', 2, 'pause: cannot change to /: is the root file system readable?\n'],
  ['rt_sigtimedwait:error=EPERM', 3, 'pause: cannot wait for signals: is a seccomp profile in force?\n'],
])('says what failed: %s', (fault, code, said) => {
  const [strace = '', ...args] = failing(fault);
  const { status, stderr } = spawnSync(strace, [...args, pause], { encoding: 'utf8', timeout: 20_000 });
  expect({ status, stderr }).toEqual({ status: code, stderr: said });
});

it('reaps 10,000 children that it inherited, with their deaths coalesced', async () => {
  const script = 'for (1..10000) { exit if !fork } exec @ARGV';
  const child = start('perl', ['-e', script, pause]);
  await eventually(() => fs.readFileSync(`/proc/${child.pid}/comm`, 'utf8')).toBe('pause\n');
  await eventually(() => childrenOf(child.pid)).toBe('');
});
