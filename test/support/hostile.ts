import type { Report } from '../../src/model/report.ts';

/** As long as a file's name may be. */
const LONGEST = 253;

/** Texts that mean something to who reads a report; each of them can be a name on a node. */
export const PAYLOADS: Record<string, string> = {
  terminal: '\x1b[31mred\x1b[0m \x1b]0;owned\x07 \x9b31m \x07\b\x7f',
  nothing: '\0 \x01\x0b\x0c\x1f \ufffe \uffff \ud800 \udc00x \ud83d',
  direction: '\u202eevil\u202c \u2066x\u2069 \u200b\u200f\u2028\u2029\ufeff',
  lines: 'a\nb\r\nc\rd\te\n\n\n    code\n',
  xml: ']]></failure><failure message="x">&amp; <!-- -- --> <![CDATA[ <?xml ?> &#0; \'"',
  html: '</script><script>alert(1)</script><img src=x onerror=alert(1)></details></summary><b>',
  command: '\n::error::forged\n::stop-commands::x\n##[error]forged\n::add-mask::a',
  percent: '%0A::error::forged%0D%25%3A%2C {0} {{1}} \x24{a} %s',
  markdown:
    '```\n~~~\n# heading\n## h\n- item\n1. item\n> quote\n\n---\n===\n***bold*** __b__ ~~gone~~ `code`',
  links: '[text](https://evil.example) ![i](http://evil.example/i.png) <https://evil.example> [a]: http://b',
  bare: 'https://evil.example www.evil.example evil@evil.example http://[::1]/ ftp://evil.example',
  mentions: '@everyone @org/team #1 gh-1 org/repo#1 !1 $1 &1 ~label %milestone :smile: 0123456789abcdef0123',
  table: 'a|b\n|---|---|\n|c|d| \\| || |-|',
  json: '{"a": "\\u0000"} \\ " \\x \'',
  prose: '*a* _b_ \\*c\\* 1) x + y = z <!-- \x24{{ github.token }} $(id) `id` &lt; &copy;',
  long: 'x'.repeat(LONGEST),
  words: '日本語 '.repeat(60),
};

/** Values of which podctl itself is the author. */
const OURS = [
  'schema',
  'podctl',
  'takenAt',
  'id',
  'check',
  'severity',
  'verdict',
  'status',
  'code',
  'risk',
  'kind',
  'fact',
  'by',
  'until',
];

/** The report with a text in front of every string that came from the node, or from who wrote a check. */
export function hostile(report: Report, text: string): Report {
  return JSON.parse(JSON.stringify(report), (key, value: unknown) =>
    typeof value === 'string' && !isOurs(key, value) ? `${text}${value}` : value,
  );
}

/** `id` is that of a check, but also a subject's, which is a path or a number of a sandbox. */
function isOurs(key: string, value: string): boolean {
  return key === 'id' ? /^[a-z]+\/[a-z-]+$/.test(value) : OURS.includes(key);
}
