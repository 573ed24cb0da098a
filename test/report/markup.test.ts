import { expect, test } from 'vitest';
import { markup, markupText, plainText, verbatim } from '../../src/report/markup.ts';

test('values are escaped, as text and as attributes', () => {
  const value = `<a href="x" class='y'>&`;
  const escaped = '&lt;a href=&quot;x&quot; class=&#39;y&#39;&gt;&amp;';
  expect(markupText(markup`<p title="${value}">${value}</p>`)).toBe(`<p title="${escaped}">${escaped}</p>`);
});

test('markup and lists of it stay what they are', () => {
  const items = ['a', '<b>'].map((text) => markup`<li>${text}</li>`);
  expect(markupText(markup`<ul>${items}${[]}</ul>${verbatim('<hr>')}${3}`)).toBe(
    '<ul><li>a</li><li>&lt;b&gt;</li></ul><hr>3',
  );
});

test('what a page cannot hold becomes visible', () => {
  expect(plainText('\x1b[2J\0\r\n\u202e\ud800\ufffe\uffff\u2028é日本')).toBe(
    '\\x1b[2J\\x00\\r\\n\\u202e\\ud800\\ufffe\\uffff\\u2028é日本',
  );
});

test('an object from a file is no markup', () => {
  const forged = JSON.parse('{"markup": "<script>"}');
  expect(() => markupText(markup`${forged}`)).toThrow();
});
