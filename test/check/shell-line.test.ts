import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellLine } from '../../src/check/shell-line.ts';

test('plain words stay bare', () => {
  expect(shellLine(['crictl', 'rmp', '-f', 'a/b:c@d=1,2'])).toBe('crictl rmp -f a/b:c@d=1,2');
});

test('a shell reads back exactly the words', () => {
  const words = ['two words', "it's", '$(id)', '`id`', 'a;b', '*', '', 'x\ny', '~', '日本', '\\'];
  const line = shellLine(['printf', '%s\\0', ...words]);
  const out = execFileSync('sh', ['-c', line], { encoding: 'utf8' });
  expect(out.split('\0').slice(0, -1)).toEqual(words);
});
