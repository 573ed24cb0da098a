import { expect, test } from 'vitest';
import { cutEnd, cutMiddle, shortIds, wrapLines } from '../../src/report/cut.ts';
import { displayWidth } from '../../src/report/width.ts';

const ID = '0123456789abcdef'.repeat(4);

test('ids are shortened as crictl does, other digits are not', () => {
  expect(shortIds(`/run/${ID}/config.json`)).toBe('/run/0123456789abc/config.json');
  expect(shortIds(`${ID}0`)).toBe(`${ID}0`);
});

test('a path is cut in its middle', () => {
  const cut = cutMiddle('/run/containerd/some/long/path/config.json', 21);
  expect(cut).toBe('/run/cont...nfig.json');
  expect(displayWidth(cut)).toBe(21);
  expect(cutMiddle('/short', 21)).toBe('/short');
});

test('a reason is cut at its end', () => {
  expect(cutEnd('the runtime does not answer', 14)).toBe('the runtime...');
});

test('a text takes no more lines than it may', () => {
  expect(wrapLines('one two three four', 9, 2)).toEqual(['one two', 'three...']);
  expect(wrapLines('x'.repeat(10_000), 10, 2)).toEqual(['xxxxxxxxxx', 'xxxxxxx...']);
  expect(wrapLines('a b', Number.POSITIVE_INFINITY, 1)).toEqual(['a b']);
});
