import { expect, test } from 'vitest';
import { codeBlock, codeSpan, plainText } from '../../src/report/markdown-text.ts';

test.each([
  ['plain words, 10.88.0.9 and /run/netns/cni-1 (2)', 'plain words, 10.88.0.9 and /run/netns/cni-1 (2)'],
  ['*a* _b_ `c` <b> [x](y) a|b \\', '\\*a\\* \\_b\\_ \\`c\\` \\<b\\> \\[x\\](y) a\\|b \\\\'],
  ['# a', '\\# a'],
  ['1. a', '1\\. a'],
  ['- a', '\\- a'],
  ['@all #12 !3 user@host', '@<!-- -->all #<!-- -->12 !<!-- -->3 user@<!-- -->host'],
  ['see https://evil and www.evil', 'see https:<!-- -->//evil and www<!-- -->.evil'],
  [':smile: 10:20:30', ':<!-- -->smile: 10:20:30'],
  ['a\nb', 'a\\\\nb'],
])('%j is written %j', (text, written) => {
  expect(plainText(text)).toBe(written);
});

test('code is not ended by what is in it', () => {
  expect(codeSpan('a')).toBe('`a`');
  expect(codeSpan('a``b`')).toBe('``` a``b` ```');
  expect(codeSpan('')).toBe('` `');
  expect(codeBlock(['a', '````', 'b\nc'], 'sh')).toEqual(['`````sh', 'a', '````', 'b\\nc', '`````']);
});
