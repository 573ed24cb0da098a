import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellLine } from '../../src/check/shell-line.ts';
import { commandLines } from '../../src/report/command.ts';

test('a command that fits stays on its line', () => {
  expect(commandLines('crictl pods', 20)).toEqual(['crictl pods']);
});

test('a long one is broken between words, quotes included', () => {
  expect(commandLines("crictl pull 'a b c d' e", 16)).toEqual(['crictl pull \\', "  'a b c d' e"]);
});

test.each([10, 20, 40])('a shell reads the same words when it is broken at %i', (columns) => {
  const words = [
    'printf',
    '%s\\n',
    'plain',
    'two words',
    "it's",
    '$HOME `id`',
    'back\\slash',
    'x'.repeat(50),
    '',
  ];
  const line = shellLine(words);
  const broken = commandLines(line, columns).join('\n');
  const shell = (script: string) => execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(shell(broken)).toBe(shell(line));
  expect(shell(broken).split('\n').slice(0, -1)).toEqual(words.slice(2));
});
