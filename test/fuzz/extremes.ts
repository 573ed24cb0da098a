import type { Input, Kind } from './inputs.ts';
import { random } from './random.ts';

const DEEP = 100_000;
const LONG = 10_000_000;

const nested = (open: string, close: string) => open.repeat(DEEP) + close.repeat(DEEP);

const OF_KIND: Record<Kind, Record<string, () => string>> = {
  json: {
    'lists in lists': () => nested('[', ']'),
    'objects in objects': () => `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
    'lists that are never closed': () => '['.repeat(DEEP),
    'a long text': () => JSON.stringify('x'.repeat(LONG)),
    'many members': () => JSON.stringify(Array(DEEP).fill({})),
    null: () => 'null',
    'a number': () => '1e999',
    'a text': () => '"text"',
    'an empty list': () => '[]',
    'an empty object': () => '{}',
    prototypes: () => '{"__proto__":{"a":1},"constructor":{"prototype":{}},"toString":1}',
    'two documents': () => '{}{}',
  },
  toml: {
    'lists in lists': () => `a = ${nested('[', ']')}\n`,
    'tables in tables': () => `a = ${'{a='.repeat(DEEP)}1${'}'.repeat(DEEP)}\n`,
    'a deep key': () => `${'a.'.repeat(DEEP)}a = 1\n`,
    'a deep header': () => `[${'a.'.repeat(DEEP)}a]\n`,
    'a text that is never closed': () => `a = """${'x"\n'.repeat(DEEP)}`,
    'a long line': () => `a = "${'x'.repeat(LONG)}"\n`,
    'the same key twice': () => 'version = 2\nversion = 3\n',
    prototypes: () => '[__proto__]\na = 1\n["constructor"]\nprototype = 1\n',
    'a number without end': () => `version = ${'9'.repeat(400)}\n`,
  },
  yaml: {
    'lists in lists': () => nested('[', ']'),
    'objects in objects': () => `${'{a: '.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
    'deep indents': () => Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    'aliases of aliases': () =>
      `a: &a [x,x]\n${Array.from({ length: 40 }, (_, i) => `${letter(i + 1)}: &${letter(i + 1)} [*${letter(i)},*${letter(i)}]\n`).join('')}`,
    'an alias of nothing': () => 'a: *b\n',
    'many documents': () => '---\na: 1\n'.repeat(5000),
    'a tag': () => 'a: !!js/function "x"\n',
    'a long line': () => `a: ${'x'.repeat(LONG)}\n`,
    prototypes: () => '__proto__: {a: 1}\nconstructor: 1\n',
    'the same key twice': () => 'kind: Pod\nkind: Pod\n',
  },
  text: {
    'a long line': () => 'x'.repeat(LONG),
    'many lines': () => 'a b c d\n'.repeat(DEEP),
    'many spaces': () => ' '.repeat(DEEP),
    'many brackets': () => '(['.repeat(DEEP),
    'many colons': () => ':'.repeat(DEEP),
    'many slashes': () => '/'.repeat(DEEP),
    'many numbers': () => '9'.repeat(DEEP),
  },
  bytes: {
    'a long field': () => `\x0a\xff\xff\xff\xff\x07${'x'.repeat(1000)}`,
    'groups in groups': () => '\x0b'.repeat(DEEP),
    'messages in messages': () => '\x0a\x7f'.repeat(DEEP),
  },
};

/** What is odd for a file of any content, and what is odd in its language. */
export function* extremes(kind: Kind): Generator<Input> {
  const chance = random(1);
  yield { how: 'nothing', bytes: Buffer.alloc(0) };
  yield { how: 'white space', bytes: Buffer.from(' \n\t\r\n ') };
  yield { how: 'one zero', bytes: Buffer.alloc(1) };
  yield { how: 'zeros', bytes: Buffer.alloc(4096) };
  yield { how: 'ones', bytes: Buffer.alloc(4096, 0xff) };
  yield { how: 'a byte order mark', bytes: Buffer.from('\ufeff') };
  yield { how: 'half of a character', bytes: Buffer.from([0xe2, 0x82]) };
  yield { how: 'half of a pair', bytes: Buffer.from('\ud800', 'utf16le') };
  yield { how: 'an overlong character', bytes: Buffer.from([0xc0, 0xaf, 0xf5, 0x80]) };
  yield { how: 'a program', bytes: Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0', 'latin1') };
  for (let n = 0; n < 20; n += 1)
    yield {
      how: `noise ${n}`,
      bytes: Buffer.from(Array.from({ length: 1 + n * 30 }, () => chance.below(256))),
    };
  for (const [how, text] of Object.entries(OF_KIND[kind]))
    yield { how, bytes: Buffer.from(text(), kind === 'bytes' ? 'latin1' : 'utf8') };
}

function letter(n: number): string {
  return n === 0 ? 'a' : `a${n}`;
}
