import { expect, test } from 'vitest';
import { displayWidth, stripStyles, takeColumns, wrapText } from '../../src/report/width.ts';

test.each([
  ['', 0],
  ['abc', 3],
  ['\x1b[31mabc\x1b[39m', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['😀', 2],
  ['päuse', 5],
])('%j takes %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test('a wide character that does not fit is left out', () => {
  expect(takeColumns('a日本', 4)).toBe('a日');
});

test('lines break at blanks, and longer words anywhere', () => {
  expect(wrapText('one two three', 7)).toBe('one two\nthree');
  expect(wrapText('abcdefgh ij', 3)).toBe('abc\ndef\ngh\nij');
  expect(wrapText('a\n\nb', 3)).toBe('a\n\nb');
  expect(wrapText('日本語', 3)).toBe('日\n本\n語');
  expect(wrapText('日', 1)).toBe('日');
});

test('styles are stripped', () => {
  expect(stripStyles('\x1b[1;31ma\x1b[0m')).toBe('a');
});
