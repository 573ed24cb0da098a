import { expect, test } from 'vitest';
import { globFits, globFitsId } from '../../src/check/glob.ts';

test.each([
  ['default/web', 'default/web', true],
  ['default/web', 'default/web-1', false],
  ['default/*', 'default/web', true],
  ['default/*', 'default/a/b', true],
  ['*', '', true],
  ['10.88.*.7', '10.88.0.17', false],
  ['10.88.*.7', '10.88.0.7', true],
  ['a*a', 'a', false],
  ['*ab*ab*', 'xabab', true],
  ['*ab*ab*', 'xaby', false],
  ['a.c', 'abc', false],
  ['[x]', '[x]', true],
])('%s fits %s: %s', (glob, text, fits) => {
  expect(globFits(glob, text)).toBe(fits);
});

test.each([
  ['netns/*', 'netns/leaked', true],
  ['netns/*', 'netns/a/b', false],
  ['*', 'netns/leaked', true],
  ['*leaked', 'netns/leaked', false],
  ['*/leaked*', 'cgroup/leaked', true],
  ['n*/l*', 'netns/leaked', true],
])('as an id, %s fits %s: %s', (glob, id, fits) => {
  expect(globFitsId(glob, id)).toBe(fits);
});

test('a hostile text takes no time', () => {
  expect(globFits(`${'a*'.repeat(200)}b`, 'a'.repeat(20_000))).toBe(false);
});
