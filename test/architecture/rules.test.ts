import { expect, test } from 'vitest';
import { sources } from './sources.ts';

const MAX_LINES = 250;
const code = sources('src', 'checks');

function offenders(pattern: RegExp, allowed: readonly string[] = []): string[] {
  return code
    .filter(({ file, text }) => pattern.test(text) && !allowed.some((a) => file.startsWith(a)))
    .map((s) => s.file);
}

test('nothing ends the process by hand', () => {
  expect(offenders(/process\.(exit|abort|reallyExit)\b(?!Code)/)).toEqual([]);
});

test('programs are started in src/host/run*.ts only', () => {
  expect(offenders(/['"](node:)?child_process['"]|['"]execa['"]/, ['src/host/run'])).toEqual([]);
});

test('the command line is parsed, and stdout written, in src/cli only', () => {
  expect(offenders(/['"]yargs/, ['src/cli/'])).toEqual([]);
  expect(offenders(/process\.(stdout|stderr)|console\./, ['src/cli/terminal.ts'])).toEqual([]);
});

test('only checks have default exports', () => {
  expect(offenders(/^export default/m, ['checks/'])).toEqual([]);
});

test('no type is silenced', () => {
  expect(offenders(/@ts-(ignore|nocheck|expect-error)|\bas any\b|: any\b/)).toEqual([]);
});

test('files stay small', () => {
  const lengths = sources('src', 'checks', '.ci', 'test').map(({ file, text }) => ({
    file,
    lines: text.split('\n').length - 1,
  }));
  expect(lengths.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
});
