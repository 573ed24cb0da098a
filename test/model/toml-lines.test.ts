import { expect, test } from 'vitest';
import { readToml } from '../../src/collect/config/toml-file.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { scanToml, tomlEntries } from '../../src/model/toml-lines.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const TEXT = `# version = 9
version = 2 # [plugins]
a.'b c'."d.e" = "x" # = "y"
`;

const CASES: [name: string, text: string, path: string[], line: number | null][] = [
  ['a plain key', 'a = 1\nb = 2\n', ['b'], 2],
  ['Windows line ends', 'a = 1\r\n\r\nb = 2\r\n', ['b'], 3],
  ['a byte order mark', '\ufeffa = 1\n', ['a'], 1],
  ['no newline at the end', 'a = 1\nb = "x"', ['b'], 2],
  ['quoted, dotted and spaced keys', 'x . "y.z" . \'w\' = 1\n', ['x', 'y.z', 'w'], 1],
  ['an escape in a key', '[ "a\\u0062" ]\nc = 1\n', ['ab', 'c'], 2],
  ['a table after a table', '[a]\nk = 1\n[b]\nk = 2\n', ['b', 'k'], 4],
  ['a subtable before its table', '[a.b]\nk = 1\n[a]\nk = 2\n', ['a', 'k'], 4],
  ['a dotted key in a table', '[a]\nb.c = 1\n', ['a', 'b', 'c'], 2],
  ['an inline table', 'a = 1\nb = { c = { d = "x" } }\n', ['b', 'c', 'd'], 2],
  ['an inline table over several lines', 'b = {\n  c = [ { d = 1 } ],\n  e = "}" }\nf = 1\n', ['f'], 4],
  ['a header that looks like one in a text', 'a = """\n[b]\nk = 1\n"""\n[b]\nk = 2\n', ['b', 'k'], 6],
  ['quotes at the end of a long text', 'a = """x"""""\nb = 1\n', ['b'], 2],
  ['escapes in a long text', 'a = """x\\""\\" y\n"""\nb = 1\n', ['b'], 3],
  ['a literal long text', "a = '''\n''\\'''\nb = 1\n", ['b'], 3],
  ['a list over lines with comments', 'a = [\n "]", # ]\n [ "#" ],\n]\nb = 1\n', ['b'], 5],
  ['a comment after a value', 'a = 1 # b = 2\nb = 3\n', ['b'], 2],
  ['a date', 'a = 1979-05-27 07:32:00Z\nb = 1\n', ['b'], 2],
  ['a key in a list of tables, which has no one place', '[[a]]\nk = 1\n[b]\nk = 1\n', ['a', 'k'], null],
  ['a key after a list of tables', '[[a]]\nk = 1\n[b]\nk = 1\n', ['b', 'k'], 4],
  ['no such key', 'a = 1\n', ['b'], null],
  ['a key named as a property of every object', 'toString = 1\n', ['constructor'], null],
];

test.each(CASES)('%s', async (_, text, path, line) => {
  const root = temporaryFolder();
  plant(root, { '/f.toml': text });
  const file = await readToml(createReadHost(root), '/f.toml');
  expect(file.error).toBeNull();
  expect(file.lineOf(path)).toBe(line);
});

test('every key of a text with its written value', () => {
  expect(tomlEntries(TEXT)).toEqual([
    { path: ['version'], line: 2, raw: '2', table: [], from: 14, at: 24 },
    { path: ['a', 'b c', 'd.e'], line: 3, raw: '"x"', table: [], from: 38, at: 54 },
  ]);
});

test('headers with their places; those of lists of tables are none', () => {
  const { headers, entries } = scanToml('[ a . "b" ] # x\n[[c]]\nk = 1\n  [d]\nk = 1\n');
  expect(headers).toEqual([
    { path: ['a', 'b'], from: 0, end: 11 },
    { path: null, from: 16, end: 21 },
    { path: ['d'], from: 30, end: 33 },
  ]);
  expect(entries.map(({ table }) => table)).toEqual([['d']]);
});

test('what is no TOML ends the list and gives no wrong key', () => {
  expect(tomlEntries('a = 1\n= 2\nb = 3\n').map(({ path }) => path)).toEqual([['a']]);
  expect(tomlEntries('[a\nb = 3\n')).toEqual([]);
  expect(tomlEntries('a = [ 1\n')).toEqual([]);
});
