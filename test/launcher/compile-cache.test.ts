import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readTrusted, writeTrusted } from '../../src/launcher/compile-cache.ts';
import { podctl } from '../support/cli.ts';
import { temporaryFolder } from '../support/node-tree.ts';

const self = process.geteuid?.() ?? 0;
const SOMEBODY = 12_345;

function cached(): string {
  const file = path.join(temporaryFolder(), '.cache', 'doctor');
  writeTrusted(file, self, () => Buffer.from('code'));
  return file;
}

test('what was written is read, by its owner alone', () => {
  const file = cached();
  expect(readTrusted(file, self)?.toString()).toBe('code');
  expect(fs.readdirSync(path.dirname(file))).toEqual(['doctor']);
  expect(fs.statSync(file).mode & 0o777).toBe(0o644);
  expect(readTrusted(`${file}-other`, self)).toBeUndefined();
});

test('what others could have written is not read, and not written again', () => {
  for (const spoil of [
    (file: string) => fs.chmodSync(file, 0o666),
    (file: string) => fs.chmodSync(file, 0o664),
    (file: string) => fs.chmodSync(path.dirname(file), 0o777),
    (file: string) => fs.chmodSync(path.dirname(file), 0o775),
  ]) {
    const file = cached();
    spoil(file);
    expect(readTrusted(file, self)).toBeUndefined();
  }
  const file = cached();
  fs.chmodSync(path.dirname(file), 0o777);
  writeTrusted(file, self, () => {
    throw new Error('asked for content');
  });
  expect(fs.readFileSync(file, 'utf8')).toBe('code');
});

test('a link is not followed, neither to a file nor to a folder', () => {
  const file = cached();
  fs.symlinkSync(file, path.join(path.dirname(file), 'link'));
  expect(readTrusted(path.join(path.dirname(file), 'link'), self)).toBeUndefined();
  const folder = path.join(temporaryFolder(), '.cache');
  fs.symlinkSync(path.dirname(file), folder);
  expect(readTrusted(path.join(folder, 'doctor'), self)).toBeUndefined();
});

test("another one's program gets no cache from us, nor one of a third", () => {
  const file = path.join(temporaryFolder(), '.cache', 'doctor');
  if (self !== 0) {
    writeTrusted(file, SOMEBODY, () => Buffer.from('code'));
    expect(fs.existsSync(file)).toBe(false);
    return;
  }
  writeTrusted(file, SOMEBODY, () => Buffer.from('code'));
  expect(readTrusted(file, SOMEBODY)?.toString(), "root's own").toBe('code');
  fs.chownSync(file, SOMEBODY + 1, 0);
  expect(readTrusted(file, SOMEBODY), 'of a third').toBeUndefined();
});

test('a folder that cannot be made is no fault', () => {
  const file = path.join(temporaryFolder(), 'file');
  fs.writeFileSync(file, '');
  writeTrusted(path.join(file, '.cache', 'doctor'), self, () => Buffer.from('code'));
  expect(readTrusted(path.join(file, '.cache', 'doctor'), self)).toBeUndefined();
});

test('the executable writes a cache for each command, runs from it, and not from a broken one', () => {
  const folder = path.join(temporaryFolder(), 'dist');
  fs.mkdirSync(folder);
  for (const name of ['podctl.js', 'main.js', 'package.json'])
    fs.copyFileSync(path.join(path.dirname(podctl), name), path.join(folder, name));
  const program = path.join(folder, 'podctl.js');
  const run = (...args: string[]) => execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  const plain = run('version');
  run('checks');
  const names = fs.readdirSync(path.join(folder, '.cache'));
  expect(names.map((name) => name.split('-')[0]).sort()).toEqual(['checks', 'version']);
  expect(run('version')).toBe(plain);
  for (const name of names) fs.writeFileSync(path.join(folder, '.cache', name), 'no code at all');
  expect(run('version')).toBe(plain);
});
