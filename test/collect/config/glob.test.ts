import { expect, test } from 'vitest';
import { glob, matchName } from '../../../src/collect/config/glob.ts';
import { createReadHost } from '../../../src/host/read-host.ts';
import { plant, temporaryFolder } from '../../support/node-tree.ts';

test.each([
  ['*.toml', '10-a.toml', true],
  ['*.toml', '.hidden.toml', true],
  ['*.toml', 'a.toml.bak', false],
  ['*', '', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['?.toml', 'ä.toml', true],
  ['?.toml', 'ab.toml', false],
  ['[0-9][0-9]-*', '10-x', true],
  ['[^0-9]*', '10-x', false],
  ['[a\\]]x', ']x', true],
  ['\\*.toml', '*.toml', true],
  ['\\*.toml', 'a.toml', false],
  [`${'*a'.repeat(40)}b`, 'a'.repeat(200), false],
])('%s against %s: %s', (pattern, name, fits) => {
  expect(matchName(pattern, name)).toBe(fits);
});

test('folders are matched too, in order of names; what is not there gives nothing', () => {
  const root = temporaryFolder();
  plant(root, {
    '/a/2/y.toml': '',
    '/a/1/x.toml': '',
    '/a/1/w.toml': '',
    '/a/z.toml': '',
    '/b/1/x.toml': '',
  });
  const host = createReadHost(root);
  expect(glob(host, '/a/*/*.toml')).toEqual(['/a/1/w.toml', '/a/1/x.toml', '/a/2/y.toml']);
  expect(glob(host, '/?/1/x.toml')).toEqual(['/a/1/x.toml', '/b/1/x.toml']);
  expect(glob(host, '/nowhere/*.toml')).toEqual([]);
});

test.each(['/a/[*', '/a/*\\'])('%s is no pattern', (pattern) => {
  expect(() => glob(createReadHost(temporaryFolder()), pattern)).toThrow('is no pattern');
});
