import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorOf, failing, folder, helped, helper, idOf, mountsBelow, pinned } from './native.ts';

const TYPES = ['net', 'ipc', 'uts'];
const pathsIn = (at: string) => TYPES.flatMap((type) => [`--${type}`, path.join(at, type)]);

describe('create', () => {
  it('pins new namespaces and tells which they are', async () => {
    const { at, ids } = await pinned();
    expect(Object.keys(ids).sort()).toEqual([...TYPES].sort());
    for (const type of TYPES) {
      expect(ids[type]).toBe(idOf(path.join(at, type)));
      expect(ids[type]).not.toBe(idOf(`/proc/self/ns/${type}`));
    }
    expect(mountsBelow(at).length).toBe(3);
  });

  it('gives them a host name, settings and lo', async () => {
    const { at } = await pinned([
      '--hostname',
      'pod-1',
      '--sysctl',
      'net.ipv4.ip_forward=1',
      '--sysctl',
      'kernel/msgmax=9000',
    ]);
    const joins = TYPES.flatMap((type) => [`--${type}`, path.join(at, type)]);
    const script =
      'hostname; cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax; ip -o -4 addr show lo';
    const { stdout } = await helper(['enter', ...joins, '--', 'sh', '-c', script]);
    expect(stdout).toMatch(/^pod-1\n1\n9000\n.*127\.0\.0\.1\/8/);
    expect(fs.readFileSync('/proc/sys/kernel/hostname', 'utf8')).not.toBe('pod-1\n');
  });

  it('says into which mount namespace it could not go, and stays in ours', async () => {
    const at = folder();
    const lines = await helped(['create', '--net', path.join(at, 'net'), '--mount-ns-of', '4194304']);
    expect(lines[0]).toEqual({ mountNs: { of: 4194304, used: 'own', errno: 2 } });
    expect(mountsBelow(at)).toEqual([path.join(at, 'net')]);
  });

  it.each([
    ['a setting of the whole machine', ['--sysctl', 'vm.swappiness=1'], 'would change the whole machine'],
    [
      'a setting of a namespace that is not new',
      ['--sysctl', 'kernel.msgmax=1'],
      'would change the whole machine',
    ],
    ['a setting outside /proc/sys', ['--sysctl', 'net/../vm/swappiness=1'], 'write KEY=VALUE'],
    ['a host name for the machine', ['--hostname', 'x'], 'needs --uts'],
    ['a relative path', ['--ipc', 'some/where'], 'must be an absolute path'],
    ['a path with dots', ['--ipc', '/tmp/../tmp/x'], 'must be an absolute path'],
    ['an unknown option', ['--nett', 'x'], 'does not know --nett'],
    ['an option without value', ['--ipc'], 'wants a value'],
    ['an argument', ['extra'], 'takes no extra'],
  ])('refuses %s, and makes nothing', async (_, args, message) => {
    const at = folder();
    const ran = await helper(['create', '--net', path.join(at, 'net'), ...args]);
    expect(ran.code).toBe(2);
    expect(errorOf(ran)).toMatchObject({ code: 'usage', message: expect.stringContaining(message) });
    expect(fs.readdirSync(at)).toEqual([]);
  });

  it('leaves what is at a path alone, and takes back what it made before', async () => {
    const at = folder();
    fs.writeFileSync(path.join(at, 'net'), 'mine');
    const ran = await helper(['create', ...pathsIn(at)]);
    expect([ran.code, errorOf(ran)?.code]).toEqual([1, 'exists']);
    expect(fs.readdirSync(at)).toEqual(['net']);
    expect(fs.readFileSync(path.join(at, 'net'), 'utf8')).toBe('mine');
    expect(mountsBelow(at)).toEqual([]);
  });

  it('follows no link', async () => {
    const at = folder();
    const elsewhere = folder();
    fs.symlinkSync(elsewhere, path.join(at, 'ns'));
    fs.symlinkSync(path.join(elsewhere, 'net'), path.join(at, 'net'));
    const inside = await helper(['create', '--net', path.join(at, 'ns/net')]);
    expect([inside.code, errorOf(inside)?.code]).toEqual([1, 'link']);
    const last = await helper(['create', '--net', path.join(at, 'net')]);
    expect([last.code, errorOf(last)?.code]).toEqual([1, 'exists']);
    expect(fs.readdirSync(elsewhere)).toEqual([]);
  });

  it.each([
    ['pipe2:error=EMFILE', 'exhausted'],
    ['pipe2:error=EMFILE:when=2', 'exhausted'],
    ['clone,clone3,fork,vfork:error=EAGAIN', 'exhausted'],
    ['unshare:error=ENOSPC', 'exhausted'],
    ['unshare:error=EPERM', 'denied'],
    ['unshare:signal=KILL', 'failed'],
    ['sethostname:error=EPERM', 'denied'],
    ['ioctl:error=ENODEV:when=2', 'failed'],
    ['mount:error=EPERM:when=1', 'denied'],
    ['mount:error=ENOSPC:when=2', 'exhausted'],
    ['mount:error=EPERM:when=3', 'denied'],
    ['fchdir:error=EACCES', 'denied'],
  ])('leaves nothing when a call fails: %s', async (fault, code) => {
    const at = folder();
    const ran = await helper(['create', ...pathsIn(at), '--hostname', 'x'], { under: failing(fault) });
    expect([ran.code, errorOf(ran)?.code, ran.lines.length]).toEqual([1, code, 1]);
    expect(errorOf(ran)?.message).not.toBe('');
    expect([fs.readdirSync(at), mountsBelow(at)]).toEqual([[], []]);
  });

  it('takes everything back when nobody hears of it', async () => {
    const at = folder();
    const ran = await helper(['create', ...pathsIn(at)], { under: failing('write:error=EPIPE:when=2+') });
    expect(ran.code).toBe(1);
    expect([fs.readdirSync(at), mountsBelow(at)]).toEqual([[], []]);
  });
});
