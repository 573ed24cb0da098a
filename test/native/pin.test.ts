import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorOf, folder, helped, helper, idOf, mountsBelow, pinned } from './native.ts';

const OTHER = '4:1';

describe('pin', () => {
  it('pins what is seen at another path', async () => {
    const { at, ids } = await pinned();
    const to = path.join(at, 'again');
    expect(await helped(['pin', '--from', `${at}/net`, '--expect', `${ids.net}`, '--to', to])).toEqual([]);
    expect(idOf(to)).toBe(ids.net);
  });

  it('changes nothing when it is another namespace than expected', async () => {
    const at = folder();
    const to = path.join(at, 'net');
    const ran = await helper(['pin', '--from', '/proc/self/ns/net', '--expect', OTHER, '--to', to]);
    expect([ran.code, errorOf(ran)?.code]).toEqual([1, 'mismatch']);
    expect(fs.readdirSync(at)).toEqual([]);
  });

  it('does not open what is no namespace, not even a FIFO that would block', async () => {
    const at = folder();
    execFileSync('mkfifo', [path.join(at, 'fifo')]);
    const ran = await helper(['pin', '--from', `${at}/fifo`, '--expect', OTHER, '--to', `${at}/net`]);
    expect([ran.code, errorOf(ran)?.code]).toEqual([1, 'no-namespace']);
    expect(fs.readdirSync(at)).toEqual(['fifo']);
  });
});

describe('unpin', () => {
  it('takes the pin away, and says so when it is gone already', async () => {
    const { at, ids } = await pinned();
    const file = path.join(at, 'net');
    const unpin = ['unpin', '--expect', `${ids.net}`, file];
    expect(await helped(unpin)).toEqual([{ path: file, was: 'pin', mounts: 1 }]);
    expect(await helped(unpin)).toEqual([{ path: file, was: 'missing', mounts: 0 }]);
    expect(mountsBelow(at).length).toBe(2);
    expect(await helped(['unpin', '--expect', OTHER, path.join(at, 'no/such')])).toMatchObject([
      { was: 'missing' },
    ]);
  });

  it('takes away every mount of it that is stacked there', async () => {
    const { at, ids } = await pinned();
    const file = path.join(at, 'net');
    for (let i = 0; i < 2; i += 1) execFileSync('mount', ['--bind', file, file]);
    expect(await helped(['unpin', '--expect', `${ids.net}`, file])).toMatchObject([
      { was: 'pin', mounts: 3 },
    ]);
    expect(fs.existsSync(file)).toBe(false);
  });

  it('takes so many of them as were asked for, and leaves the lowest', async () => {
    const { at, ids } = await pinned();
    const file = path.join(at, 'net');
    for (let i = 0; i < 2; i += 1) execFileSync('mount', ['--bind', file, file]);
    const before = mountsBelow(at).length;
    const unstack = ['unpin', '--expect', `${ids.net}`, '--layers', '2', file];
    expect(await helped(unstack)).toEqual([{ path: file, was: 'pin', mounts: 2 }]);
    expect([idOf(file), mountsBelow(at).length]).toEqual([ids.net, before - 2]);
    const again = await helper(['unpin', '--expect', `${ids.net}`, '--layers', '2', path.join(at, 'none')]);
    expect(errorOf(again)?.code).toBe('mismatch');
    const other = await helper(['unpin', '--expect', OTHER, '--layers', '1', file]);
    expect(errorOf(other)?.code).toBe('mismatch');
    expect(idOf(file)).toBe(ids.net);
    for (const count of ['0', '65', 'x'])
      expect((await helper(['unpin', '--expect', OTHER, '--layers', count, file])).code).toBe(2);
  });

  it('leaves another namespace’s pin alone', async () => {
    const { at, ids } = await pinned();
    for (const expected of [OTHER, 'none', `${ids.ipc}`]) {
      const ran = await helper(['unpin', '--expect', expected, `${at}/net`]);
      expect([ran.code, errorOf(ran)?.code]).toEqual([1, 'mismatch']);
    }
    expect(idOf(`${at}/net`)).toBe(ids.net);
  });

  it('removes a placeholder whose mount is gone', async () => {
    const { at, ids } = await pinned();
    execFileSync('umount', [`${at}/net`, `${at}/ipc`]);
    expect(await helped(['unpin', '--expect', `${ids.net}`, `${at}/net`])).toMatchObject([
      { was: 'file', mounts: 0 },
    ]);
    expect(await helped(['unpin', '--expect', 'none', `${at}/ipc`])).toMatchObject([
      { was: 'file', mounts: 0 },
    ]);
    expect(fs.readdirSync(at)).toEqual(['uts']);
  });

  it('removes nothing that a pin does not leave behind', async () => {
    const at = folder();
    fs.writeFileSync(path.join(at, 'full'), 'content');
    fs.mkdirSync(path.join(at, 'folder'));
    fs.symlinkSync(path.join(at, 'full'), path.join(at, 'link'));
    fs.symlinkSync(at, path.join(at, 'way'));
    for (const [name, code] of [
      ['full', 'mismatch'],
      ['folder', 'mismatch'],
      ['link', 'link'],
      ['way/full', 'link'],
    ]) {
      const ran = await helper(['unpin', '--expect', 'none', path.join(at, name ?? '')]);
      expect([name, ran.code, errorOf(ran)?.code]).toEqual([name, 1, code]);
    }
    expect(fs.readdirSync(at).length).toBe(4);
  });
});
