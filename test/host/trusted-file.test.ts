import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTrustedFile, whyNotTrusted } from '../../src/host/trusted-file.ts';

const STRANGER = 4711;
const MAX = 100;
const isRoot = process.geteuid?.() === 0;

let home = '';
const at = (...parts: string[]) => path.join(home, ...parts);
const made = (name: string, mode = 0o644) => {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true, mode: 0o755 });
  fs.writeFileSync(at(name), 'text\n');
  fs.chmodSync(at(name), mode);
  return at(name);
};
const read = (file: string) => readTrustedFile(file, MAX);

beforeEach(() => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-trust-')));
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

describe('a file that may be used', () => {
  it('belongs to its reader, also below a folder like /tmp', () => {
    expect(read(made('a/file'))).toEqual({ text: 'text\n' });
    expect(whyNotTrusted(made('a/file'))).toBeNull();
    expect(whyNotTrusted(at('a'))).toBeNull();
  });

  it('is reached through links, by a relative path and with .. too', () => {
    made('real/file');
    fs.symlinkSync('real', at('folder'));
    fs.symlinkSync('folder/../real/file', at('link'));
    expect(read(at('link'))).toEqual({ text: 'text\n' });
    expect(read(path.relative(process.cwd(), at('folder/file')))).toEqual({ text: 'text\n' });
  });
});

describe('a file that others can write', () => {
  it.each([0o664, 0o646, 0o666])('is refused with mode %o', (mode) => {
    const file = made('file', mode);
    const fault = `${file} is not used: it can be written by others than its owner (mode 0${mode.toString(8)})`;
    const distrust = { fault, cure: ['chmod', 'go-w', file], isMissing: false };
    expect(read(file)).toEqual(distrust);
    expect(whyNotTrusted(file)).toEqual(distrust);
  });

  it.each(['a', 'a/b'])('is refused where folder %s on the way can be written', (folder) => {
    const file = made('a/b/file');
    fs.chmodSync(at(folder), 0o775);
    const fault = `${file} is not used: the folder ${at(folder)} can be written by others than its owner (mode 0775)`;
    expect(read(file)).toEqual({ fault, cure: ['chmod', 'go-w', at(folder)], isMissing: false });
  });

  it('is refused behind a link, and where only the link lies in such a folder', () => {
    const file = made('real/file', 0o666);
    fs.symlinkSync(file, at('link'));
    expect(read(at('link'))).toMatchObject({ cure: ['chmod', 'go-w', file] });
    fs.chmodSync(file, 0o644);
    fs.chmodSync(at('real'), 0o777);
    expect(read(at('link'))).toMatchObject({ cure: ['chmod', 'go-w', at('real')] });
    fs.chmodSync(at('real'), 0o755);
    fs.mkdirSync(at('open'));
    fs.chmodSync(at('open'), 0o777);
    fs.symlinkSync(file, at('open/link'));
    expect(read(at('open/link'))).toMatchObject({ cure: ['chmod', 'go-w', at('open')] });
  });

  it('is refused as a folder of files even where nobody moves what is another’s', () => {
    fs.mkdirSync(at('sticky'));
    fs.chmodSync(at('sticky'), 0o1777);
    expect(whyNotTrusted(at('sticky'))).toMatchObject({ cure: ['chmod', 'go-w', at('sticky')] });
    expect(whyNotTrusted(made('sticky/file'))).toBeNull();
  });
});

describe.runIf(isRoot)('what belongs to a stranger', () => {
  const whose = `belongs to user ${STRANGER}, who is not root`;

  it('is refused as a file, a folder or a link, with the command that mends it', () => {
    const file = made('a/file');
    fs.chownSync(file, STRANGER, STRANGER);
    expect(read(file)).toMatchObject({
      fault: `${file} is not used: it ${whose}`,
      cure: ['chown', 'root', file],
    });
    fs.chownSync(file, 0, 0);
    fs.chownSync(at('a'), STRANGER, STRANGER);
    expect(read(file)).toMatchObject({
      fault: `${file} is not used: the folder ${at('a')} ${whose}`,
      cure: ['chown', 'root', at('a')],
    });
    fs.chownSync(at('a'), 0, 0);
    fs.symlinkSync(file, at('link'));
    fs.lchownSync(at('link'), STRANGER, STRANGER);
    expect(read(at('link'))).toMatchObject({
      fault: `${at('link')} is not used: the link ${at('link')} ${whose}`,
      cure: ['chown', '-h', 'root', at('link')],
    });
  });

  it('is copied rather than taken over where the folder is theirs as well', () => {
    const file = made('theirs/file', 0o664);
    fs.chownSync(file, STRANGER, STRANGER);
    fs.chownSync(at('theirs'), STRANGER, STRANGER);
    expect(read(file)).toMatchObject({ cure: ['install', '-D', '-m', '0644', file, '/etc/podctl/file'] });
    fs.symlinkSync(file, at('link'));
    expect(read(at('link'))).toMatchObject({ cure: ['install', '-D', '-m', '0644', file, at('link')] });
  });

  it('is used by that user, who may use what is root’s too', () => {
    const mine = made('mine');
    fs.chownSync(mine, STRANGER, STRANGER);
    const roots = made('roots');
    const other = made('other');
    fs.chownSync(other, STRANGER + 1, STRANGER);
    fs.chmodSync(home, 0o755);
    process.seteuid?.(STRANGER);
    try {
      expect(read(mine)).toEqual({ text: 'text\n' });
      expect(read(roots)).toEqual({ text: 'text\n' });
      expect(read(other)).toMatchObject({
        fault: expect.stringContaining(`belongs to user ${STRANGER + 1}, who is neither root nor you`),
      });
      fs.chmodSync(mine, 0o000);
      expect(read(mine)).toEqual({
        fault: `cannot read ${mine}: permission denied`,
        cure: [],
        isMissing: false,
      });
    } finally {
      process.seteuid?.(0);
    }
  });
});

describe('what cannot be read', () => {
  it('says why', () => {
    const missing = { fault: `cannot read ${at('none')}: no such file`, cure: [], isMissing: true };
    expect(read(at('none'))).toEqual(missing);
    expect(whyNotTrusted(at('none'))).toEqual(missing);
    expect(read(home)).toMatchObject({ fault: `${home} is no regular file`, isMissing: false });
    fs.writeFileSync(at('long'), 'x'.repeat(MAX + 1), { mode: 0o644 });
    expect(read(at('long'))).toMatchObject({ fault: `${at('long')} is larger than ${MAX} bytes` });
    fs.symlinkSync('loop', at('loop'));
    expect(read(at('loop'))).toMatchObject({
      fault: `${at('loop')} leads through too many links`,
      isMissing: false,
    });
  });
});
