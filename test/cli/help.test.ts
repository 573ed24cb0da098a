import { expect, test } from 'vitest';
import { parseArgv } from '../../src/cli/parse.ts';

async function helpOf(words: readonly string[], calledAs?: string): Promise<string> {
  const parsed = await parseArgv([...words, '--help'], calledAs);
  if (parsed.command !== 'help' || !parsed.asked) throw new Error(`${words.join(' ')} --help is no help`);
  return parsed.text;
}

/** Commands that a help text names, without their arguments: `  podctl sandbox create [name]  Make ...`. */
function commandsIn(text: string): string[][] {
  const [, part = ''] = /^Commands:\n((?: .*\n)+)/m.exec(text) ?? [];
  return [...part.matchAll(/^ {2}podctl ((?:[a-z]+ )*[a-z]+)/gm)].map(([, words = '']) => words.split(' '));
}

/** Every command that there is, with its help. */
async function all(words: readonly string[] = []): Promise<[string, string][]> {
  const text = await helpOf(words);
  const below = await Promise.all(commandsIn(text).map((command) => all(command)));
  return [[['podctl', ...words].join(' '), text], ...below.flat()];
}

const commands = await all();

test('every command and every verb is told', () => {
  const names = commands.map(([name]) => name);
  expect(names.length).toBeGreaterThanOrEqual(27);
  for (const name of ['podctl doctor', 'podctl diff', 'podctl sandbox create', 'podctl pause image'])
    expect(names).toContain(name);
  expect(new Set(names).size).toBe(names.length);
});

test.each(commands)('%s --help has an example of it, and fits 80 columns', (name, text) => {
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const [, examples = ''] = /^Examples:\n((?: .*\n?)+)/m.exec(text) ?? [];
  expect(examples).toContain(`  ${name}`);
  expect(text.split('\n')[0]?.startsWith(name)).toBe(true);
});

test('called as kubectl podctl, usage and examples say so', async () => {
  for (const [name] of commands) {
    const text = await helpOf(name.split(' ').slice(1), 'kubectl podctl');
    expect(text.split('\n')[0]?.startsWith(`kubectl ${name}`)).toBe(true);
    expect(text).toContain(`  kubectl ${name}`);
  }
});
