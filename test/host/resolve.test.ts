import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReadHost, isMissing, problemOf } from '../../src/host/read-host.ts';
import { resolveInRoot } from '../../src/host/resolve.ts';

let root: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-root-'));
  fs.mkdirSync(path.join(root, 'run/containerd'), { recursive: true });
  fs.mkdirSync(path.join(root, 'var'));
  fs.symlinkSync('/run', path.join(root, 'var/run'));
  fs.writeFileSync(path.join(root, 'run/containerd/file'), 'inside');
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

describe('resolveInRoot', () => {
  it('starts absolute links again at the root', () => {
    expect(resolveInRoot(root, '/var/run/containerd/file', true)).toBe(`${root}/run/containerd/file`);
  });

  it('keeps every path inside the root, whatever .. and links try', () => {
    fs.symlinkSync('../../../../../etc/passwd', path.join(root, 'run/escape'));
    expect(resolveInRoot(root, '/run/escape', true)).toBe(`${root}/etc/passwd`);
    expect(resolveInRoot(root, '/../../etc', true)).toBe(`${root}/etc`);
  });

  it('keeps what does not exist, and the last link where it is not to be followed', () => {
    expect(resolveInRoot(root, '/no/such/file', true)).toBe(`${root}/no/such/file`);
    expect(resolveInRoot(root, '/var/run', false)).toBe(`${root}/var/run`);
  });

  it('ends on endless links', () => {
    fs.symlinkSync('/run/b', path.join(root, 'run/a'));
    fs.symlinkSync('/run/a', path.join(root, 'run/b'));
    expect(() => resolveInRoot(root, '/run/a/x', true)).toThrow('too many links');
  });
});

describe('createReadHost', () => {
  it('reads regular files below the root, through linked folders', () => {
    expect(createReadHost(root).readFile('/var/run/containerd/file')).toBe('inside');
  });

  it('refuses a link, a folder, a pipe, and a file over the limit', () => {
    const host = createReadHost(root);
    fs.symlinkSync('/run/containerd/file', path.join(root, 'run/link'));
    expect(
      problemOf(
        thrown(() => host.readFile('/run/link')),
        '/run/link',
      ),
    ).toMatchObject({
      code: 'malformed',
      message: 'cannot read /run/link: it is a link, which is not followed here',
    });
    expect(host.readFile('/run/link', { follow: true })).toBe('inside');
    expect(
      problemOf(
        thrown(() => host.readFile('/run')),
        '/run',
      ).message,
    ).toContain('it is a folder');
    expect(
      problemOf(
        thrown(() => host.readFile('/run/containerd/file', { max: 3 })),
        'x',
      ).code,
    ).toBe('truncated');
    expect(isMissing(thrown(() => host.readFile('/run/none')))).toBe(true);
  });

  it('does not hang on a pipe without a writer', async () => {
    const { run } = await import('../../src/host/run.ts');
    await run('mkfifo', [path.join(root, 'run/pipe')], { timeoutMs: 5000 });
    expect(thrown(() => createReadHost(root).readFile('/run/pipe'))).toBeInstanceOf(Error);
  });

  it('gives the identity of a namespace as device and inode', () => {
    const real = fs.statSync('/proc/self/ns/net');
    expect(createReadHost().nsId('/proc/self/ns/net')).toBe(`${real.dev}:${real.ino}`);
    fs.symlinkSync('net:[4026531840]', path.join(root, 'run/net'));
    expect(createReadHost(root, { nsDevice: 4 }).nsId('/run/net')).toBe('4:4026531840');
    expect(() => createReadHost(root).nsId('/var/run')).toThrow('names no namespace');
  });

  it('runs no program of a node whose root is elsewhere', async () => {
    await expect(createReadHost(root).run('/bin/true', [], { timeoutMs: 1000 })).rejects.toThrow(
      'are not run',
    );
    expect(await createReadHost().run('/bin/echo', ['hi'], { timeoutMs: 5000 })).toMatchObject({
      stdout: 'hi',
    });
  });
});

function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
