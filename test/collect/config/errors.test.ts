import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readContainerd } from '../../../src/collect/config/containerd.ts';
import { createReadHost } from '../../../src/host/read-host.ts';
import { temporaryFolder } from '../../support/node-tree.ts';
import { containerd, MAIN, V1, V2 } from './trees.ts';

const OTHER = '/etc/containerd/other.toml';
const importing = 'imports = ["other.toml"]\n';

test.each([
  ['syntax', '2.1.9', 'version = 3\nroot = "/x\n', { line: 2, column: expect.any(Number) }, 'Invalid TOML'],
  ['a version of the future', '2.1.9', '\nversion = 7\n', { line: 2 }, 'version 7 is not known'],
  ['a negative version', '2.1.9', 'version = -1\n', { line: 1 }, 'version -1 is not known'],
  ['a version in quotes', '2.1.9', 'version = "2"\n', { line: 1 }, 'version must be a whole number'],
  ['a huge number', '2.1.9', 'version = 9223372036854775807\n', { line: 1 }, 'is not known'],
  ['a version too new for it', '1.7.24', 'version = 3\n', { line: 1 }, 'reads versions up to 2'],
  ['a version too new for 2.1', '2.1.9', 'version = 4\n', { line: 1 }, 'reads versions up to 3'],
  ['imports that are no list', '2.1.9', 'version = 3\nimports = "x"\n', { line: 2 }, 'a list of strings'],
  ['an image that is a number', '1.7.24', `version = 2\n${V2}sandbox_image = 3\n`, { line: 3 }, 'a string'],
  ['a short name under version 2', '1.7.24', `version = 2\n${V1}x = 1\n`, { line: null }, 'its full name'],
  ['a pattern that is none', '2.1.9', 'version = 3\nimports = ["x[*"]\n', { line: 2 }, 'is no pattern'],
])('%s on %s', async (_, on, main, where, message) => {
  const seen = await containerd(on, { [MAIN]: main });
  expect(seen.errors).toEqual([{ column: null, ...where, message: expect.stringContaining(message) }]);
  expect(seen.sandboxImage).toBeNull();
});

test('an early 1.6 reads a version 3 file as one of version 2', async () => {
  const seen = await containerd('1.6.20', { [MAIN]: `version = 3\n${V2}sandbox_image = "a:1"\n` });
  expect(seen.errors).toEqual([]);
  expect(seen.sandboxImage?.value).toBe('a:1');
});

test('a message never shows lines of the file', async () => {
  const { errors } = await containerd('2.1.9', { [MAIN]: 'password = "hunter2" oops\n' });
  expect(JSON.stringify(errors)).not.toContain('hunter2');
});

test('some releases refuse an import of a higher version', async () => {
  const files = { [MAIN]: `version = 2\n${importing}`, [OTHER]: 'version = 3\n' };
  expect((await containerd('2.3.4', files)).files.map((f) => f.error?.message)).toEqual([
    undefined,
    'version 3 is higher than version 2 of /etc/containerd/config.toml, which imports it',
  ]);
  expect((await containerd('2.3.5', files)).errors).toEqual([]);
});

test('an import that is not there, or a folder, stops containerd', async () => {
  const missing = await containerd('2.1.9', { [MAIN]: `version = 3\n${importing}` });
  expect(missing.errors.map((e) => e.message)).toEqual([`cannot read ${OTHER}: no such file`]);
  expect(missing.sandboxImage).toBeNull();
  const folder = await containerd('2.1.9', { [MAIN]: `version = 3\n${importing}`, [`${OTHER}/x`]: '' });
  expect(folder.errors.map((e) => e.message)).toEqual([`cannot read ${OTHER}: it is a folder`]);
  expect(folder.problems).toEqual([
    { code: 'malformed', message: folder.errors[0]?.message, subject: OTHER },
  ]);
});

test('imports in a circle are read once each', async () => {
  const seen = await containerd('2.1.9', {
    [MAIN]: 'version = 3\nimports = ["config.toml", "/etc/containerd/../containerd/other.toml"]\n',
    [OTHER]: `version = 3\nimports = ["${MAIN}"]\n`,
  });
  expect(seen.files.map((f) => f.path)).toEqual([MAIN, OTHER]);
});

test('imports of imports come after all that were named before', async () => {
  const seen = await containerd('2.1.9', {
    [MAIN]: 'version = 3\nimports = ["a.toml", "b.toml"]\n',
    '/etc/containerd/a.toml': 'version = 3\nimports = ["sub/*"]\n',
    '/etc/containerd/b.toml': 'version = 3\n',
    '/etc/containerd/sub/2': 'version = 3\n',
    '/etc/containerd/sub/1': 'version = 3\n',
  });
  expect(seen.files.map((f) => path.basename(f.path))).toEqual(['config.toml', 'a.toml', 'b.toml', '1', '2']);
});

test('before 1.6.29 a relative pattern was looked up in the working folder', async () => {
  const files = {
    [MAIN]: 'version = 2\nimports = ["conf.d/*.toml"]\n',
    '/etc/containerd/conf.d/a.toml': 'version = 2\n',
    '/conf.d/b.toml': 'version = 2\n',
  };
  const paths = async (on: string) => (await containerd(on, files)).files.map((f) => f.path);
  expect(await paths('1.6.28')).toEqual([MAIN, '/conf.d/b.toml']);
  expect(await paths('1.6.29')).toEqual([MAIN, '/etc/containerd/conf.d/a.toml']);
});

test('a link is followed, inside the root', async () => {
  const root = temporaryFolder();
  fs.mkdirSync(path.join(root, 'etc/containerd'), { recursive: true });
  fs.writeFileSync(path.join(root, 'etc/real.toml'), `version = 2\n${V2}sandbox_image = "a:1"\n`);
  fs.symlinkSync('/etc/real.toml', path.join(root, MAIN));
  fs.utimesSync(path.join(root, 'etc/real.toml'), 1000, 1000);
  const { config } = await readContainerd(createReadHost(root), {
    file: MAIN,
    version: '1.7.24',
    workingFolder: '/',
    flags: {},
    defaults: { root: '/r', state: '/s', address: '/a' },
  });
  expect(config.sandboxImage).toMatchObject({ value: 'a:1', file: MAIN, line: 3 });
  expect(config.files[0]?.mtime).toBe(1_000_000);
});
