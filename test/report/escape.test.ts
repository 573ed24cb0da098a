import { expect, test } from 'vitest';
import { escapeEncoded, escapeText, isUnsafe } from '../../src/report/escape.ts';

test.each([
  ['an ANSI sequence', 'a\x1b[31mb', 'a\\x1b[31mb'],
  ['a C1 control', 'a\x9b31mb', 'a\\x9b31mb'],
  ['lines and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
  ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
  ['a turned direction', 'txt\u202Eexe', 'txt\\u202eexe'],
  ['isolates', '\u2066a\u2069', '\\u2066a\\u2069'],
  ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['zero width', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
  ['lone surrogates', '\ud800a\udc00', '\\ud800a\\udc00'],
  ['tag characters', '\u{e0041}', '\\udb40\\udc41'],
])('%s becomes visible', (_, hostile, shown) => {
  expect(isUnsafe(hostile)).toBe(true);
  expect(escapeText(hostile)).toBe(shown);
});

test.each(['plain', 'päuse', '日本', '😀', 'a"b\\c', ''])('%j stays as it is', (text) => {
  expect(escapeText(text)).toBe(text);
  expect(escapeEncoded(text)).toBe(text);
  expect(isUnsafe(text)).toBe(false);
});

test('inside JSON the escapes read back as what they stand for', () => {
  const value = { name: 'a\x1b[2J\x9b\u202e\u2028\ud800\u{e0041}"\\\n', list: ['\x7f'] };
  const text = escapeEncoded(JSON.stringify(value, null, 2));
  expect(text.split('\n').every((line) => !isUnsafe(line))).toBe(true);
  expect(JSON.parse(text)).toEqual(value);
});
