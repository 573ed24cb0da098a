import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultStateDir, openState } from '../../src/sandbox/state-folder.ts';

let dir = '';
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-state-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

test('is made with its parts for its owner alone, and found again', () => {
  const root = path.join(dir, 'state');
  expect(openState(root, { create: false })).toBeNull();
  const made = openState(root, { create: true });
  expect(fs.statSync(root).mode & 0o777).toBe(0o700);
  expect(made?.folderOf('ab')).toBe(path.join(root, 'sandboxes/ab'));
  expect(openState(root, { create: false })?.records).toBe(path.join(root, 'records'));
});

test('a folder that others may write to is refused, and named', () => {
  const root = path.join(dir, 'state');
  openState(root, { create: true });
  fs.chmodSync(path.join(root, 'ns'), 0o777);
  expect(() => openState(root, { create: true })).toThrow(
    `${root}/ns cannot be used: others may write to it`,
  );
});

test('a folder above that others may write to is refused, unless it is sticky', () => {
  const open = path.join(dir, 'open');
  fs.mkdirSync(open);
  fs.chmodSync(open, 0o777);
  expect(() => openState(path.join(open, 'state'), { create: true })).toThrow(`others may write to ${open}`);
  fs.chmodSync(open, 0o1777);
  expect(openState(path.join(open, 'state'), { create: true })).not.toBeNull();
});

test.each(['state', 'state/records'])('a link at %s is refused', (place) => {
  fs.mkdirSync(path.join(dir, 'real'), { mode: 0o700 });
  if (place.includes('/')) fs.mkdirSync(path.join(dir, 'state'), { mode: 0o700 });
  fs.symlinkSync(path.join(dir, 'real'), path.join(dir, place));
  expect(() => openState(path.join(dir, 'state'), { create: true })).toThrow('it is a link');
  expect(fs.readdirSync(path.join(dir, 'real'))).toEqual([]);
});

test('a link above is refused', () => {
  fs.mkdirSync(path.join(dir, 'real'));
  fs.symlinkSync(path.join(dir, 'real'), path.join(dir, 'link'));
  expect(() => openState(path.join(dir, 'link/state'), { create: true })).toThrow('link is a link');
});

test('a missing parent, a file, a folder of somebody else', () => {
  expect(() => openState(path.join(dir, 'no/state'), { create: true })).toThrow(`${dir}/no does not exist`);
  fs.writeFileSync(path.join(dir, 'file'), '');
  expect(() => openState(path.join(dir, 'file'), { create: true })).toThrow('it is no folder');
  fs.mkdirSync(path.join(dir, 'theirs'));
  fs.chownSync(path.join(dir, 'theirs'), 12345, 12345);
  expect(() => openState(path.join(dir, 'theirs'), { create: true })).toThrow('it belongs to user 12345');
});

test('the default depends on who asks', () => {
  expect(defaultStateDir(0, {})).toBe('/run/podctl');
  expect(defaultStateDir(1000, { XDG_RUNTIME_DIR: '/run/user/1000' })).toBe('/run/user/1000/podctl');
  expect(() => defaultStateDir(1000, {})).toThrow('XDG_RUNTIME_DIR is not set');
});
