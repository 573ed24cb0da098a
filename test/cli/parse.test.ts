import { expect, test } from 'vitest';
import { parseArgv } from '../../src/cli/parse.ts';

test('each command keeps its words as strings', async () => {
  expect(await parseArgv(['checks', '0x10'])).toMatchObject({ command: 'checks', args: { id: '0x10' } });
  expect(await parseArgv(['version', '-o', '1'])).toMatchObject({
    command: 'version',
    args: { output: '1' },
  });
  expect(await parseArgv(['doctor', '1', '02'])).toMatchObject({
    command: 'doctor',
    args: { check: ['1', '02'] },
  });
});

test('--version is the command', async () => {
  expect(await parseArgv(['--version'])).toMatchObject({ command: 'version' });
});

test('help is a text, asked for or not', async () => {
  expect(await parseArgv([])).toMatchObject({ command: 'help', asked: false });
  expect(await parseArgv(['--help'])).toMatchObject({ command: 'help', asked: true });
  const help = await parseArgv(['doctor', '--help']);
  const text = help.command === 'help' ? help.text : '';
  for (const option of ['--skip', '--from-snapshot', '-t, --timeout', '--min-age', 'Exit codes'])
    expect(text).toContain(option);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test.each([['docter'], ['doctor', '-x'], ['checks', 'a', 'b'], ['version', 'x'], ['-o', 'json']])(
  '%s is refused',
  async (...argv) => {
    await expect(parseArgv(argv)).rejects.toThrow(/./);
  },
);
