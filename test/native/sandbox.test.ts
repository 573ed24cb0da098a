import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import {
  endLater,
  errorOf,
  eventually,
  failing,
  folder,
  helped,
  helper,
  idOf,
  mountsBelow,
  pause,
} from './native.ts';

const TYPES = ['net', 'ipc', 'uts'];

/** A folder for /dev/shm and pins, and the words that make a sandbox in it. */
function wanted(more: string[] = []): { at: string; shm: string; words: string[] } {
  const at = folder();
  const shm = path.join(at, 'shm');
  fs.mkdirSync(shm);
  const pins = TYPES.flatMap((type) => [`--${type}`, path.join(at, type)]);
  return { at, shm, words: ['sandbox', ...pins, '--shm', shm, ...more, '--', pause, at] };
}

/** Pids of pauses that were given this word. */
function pausesOf(word: string): string[] {
  return fs.readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `${pause}\0${word}\0`;
    } catch {
      return false;
    }
  });
}

async function expectNothing(at: string, rest: string[] = ['shm']): Promise<void> {
  expect([fs.readdirSync(at), mountsBelow(at)]).toEqual([rest, []]);
  await eventually(() => pausesOf(at)).toEqual([]);
}

it('mounts /dev/shm, pins new namespaces, and starts a pause in them', async () => {
  const { at, shm, words } = wanted([
    '--hostname',
    'pod-1',
    '--sysctl',
    'net.ipv4.ip_forward=1',
    '--new-pid',
  ]);
  const lines = await helped(words);
  const [started] = lines.filter((line) => line.pid !== undefined);
  const pid = Number(started?.pid);
  endLater(pid);
  expect(mountsBelow(at).sort()).toEqual(['ipc', 'net', 'shm', 'uts'].map((name) => path.join(at, name)));
  expect(fs.statSync(shm).mode & 0o7777).toBe(0o1777);
  for (const type of TYPES) {
    const id = idOf(path.join(at, type));
    expect(lines).toContainEqual({ ns: type, path: path.join(at, type), id });
    expect(started?.ns).toMatchObject({ [type]: id });
    expect(idOf(`/proc/${pid}/ns/${type}`)).toBe(id);
    expect(idOf(`/proc/self/ns/${type}`)).not.toBe(id);
  }
  expect(idOf(`/proc/${pid}/ns/pid`)).not.toBe(idOf('/proc/self/ns/pid'));
  expect(idOf(`/proc/${pid}/ns/mnt`)).toBe(idOf('/proc/self/ns/mnt'));
  expect(fs.readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
  const joins = TYPES.flatMap((type) => [`--${type}`, path.join(at, type)]);
  const script = 'hostname; cat /proc/sys/net/ipv4/ip_forward; ip -o -4 addr show lo';
  const { stdout } = await helper(['enter', ...joins, '--', 'sh', '-c', script]);
  expect(stdout).toMatch(/^pod-1\n1\n.*127\.0\.0\.1\/8/);
});

it.each([
  ['a pause by name', ['--', 'pause'], 'name the program by its path'],
  ['no pause', [], 'wants a program to run'],
  ['a setting of the whole machine', ['--sysctl', 'vm.swappiness=1', '--', pause], 'the whole machine'],
  ['a relative folder', ['--shm', 'shm', '--', pause], 'must be an absolute path'],
])('refuses %s, and makes nothing', async (_, args, message) => {
  const { at, words } = wanted();
  const ran = await helper([...words.slice(0, words.indexOf('--')), ...args]);
  expect([ran.code, errorOf(ran)?.code]).toEqual([2, 'usage']);
  expect(errorOf(ran)?.message).toContain(message);
  await expectNothing(at);
});

it('wants all three namespaces', async () => {
  const ran = await helper(['sandbox', '--net', '/tmp/podctl-never/net', '--', pause]);
  expect(errorOf(ran)).toMatchObject({
    code: 'usage',
    message: expect.stringContaining('--net, --ipc and --uts'),
  });
});

it.each([
  ['mount:error=EPERM:when=1', 'denied'],
  ['mount:error=ENOSPC:when=2', 'exhausted'],
  ['mount:error=EPERM:when=3', 'denied'],
  ['unshare:error=ENOSPC', 'exhausted'],
  ['unshare:signal=KILL', 'failed'],
  ['sethostname:error=EPERM', 'denied'],
  ['pipe2:error=EMFILE:when=2', 'exhausted'],
  ['clone,clone3,fork,vfork:error=EAGAIN:when=1', 'exhausted'],
  ['clone,clone3,fork,vfork:error=EAGAIN:when=2', 'exhausted'],
  ['fchdir:error=EACCES', 'denied'],
])('leaves nothing when a call fails: %s', async (fault, code) => {
  const { at, words } = wanted(['--hostname', 'x']);
  const ran = await helper(words, { under: failing(fault) });
  expect([ran.code, errorOf(ran)?.code]).toEqual([1, code]);
  expect(errorOf(ran)?.message).not.toBe('');
  await expectNothing(at);
});

it('leaves what is at a path alone, and takes back the rest', async () => {
  const { at, words } = wanted();
  fs.writeFileSync(path.join(at, 'uts'), 'mine');
  const ran = await helper(words);
  expect([ran.code, errorOf(ran)?.code]).toEqual([1, 'exists']);
  expect(fs.readFileSync(path.join(at, 'uts'), 'utf8')).toBe('mine');
  await expectNothing(at, ['shm', 'uts']);
});

it('takes everything back when its pause cannot be run', async () => {
  const { at, words } = wanted();
  const ran = await helper([...words.slice(0, words.indexOf('--')), '--', '/tmp/podctl-never/pause']);
  expect([ran.code, errorOf(ran)?.code]).toEqual([1, 'missing']);
  await expectNothing(at);
});

it('takes everything back when nobody hears of it', async () => {
  const { at, words } = wanted();
  const ran = await helper(words, { under: failing('write:error=EPIPE:when=2+') });
  expect(ran.code).toBe(1);
  await expectNothing(at);
});
