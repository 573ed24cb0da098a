import { expect, test } from 'vitest';
import { meant } from '../../src/cli/near.ts';
import { runPodctl } from '../support/cli.ts';

test.each([
  ['doctr', 'no command is called "doctr"', 'did you mean podctl doctor?'],
  ['dif a b', 'no command is called "dif"', 'did you mean podctl diff?'],
  ['sandbox creat web', 'no command is called "sandbox creat"', 'did you mean podctl sandbox create?'],
  ['pause imag', 'no command is called "pause imag"', 'did you mean podctl pause image?'],
  ['checks netns/leakd', 'no check is called "netns/leakd"', 'did you mean netns/leaked?'],
  ['doctor netns/leakd', 'no check is called "netns/leakd"', 'did you mean netns/leaked?'],
  ['doctor --skip netns/leakd', 'no check is called "netns/leakd"', 'did you mean netns/leaked?'],
  ['doctor --tag orphn', 'no check has the tag "orphn"', 'did you mean orphan?'],
  ['doctor --require runtme', '--require: "runtme" is unknown', 'did you mean runtime?'],
  ['gc orphns', 'gc: "orphns" is unknown', 'did you mean orphans? it is one of orphans, '],
  ['gc orphans --risk saf', '--risk: "saf" is unknown', 'did you mean safe? it is one of safe, '],
  ['doctor --fail-on eror', '--fail-on: "eror" is unknown', 'did you mean error? it is one of error, '],
  ['doctor -o jsn', '-o: "jsn" is unknown', 'did you mean json? it is one of table, '],
  ['doctor --report jsn=x', '--report: "jsn" is unknown', 'did you mean json? it is one of table, '],
  ['doctor --color alway', '--color: "alway" is unknown', 'did you mean always? it is one of auto, '],
  ['doctor --verbos', 'there is no option --verbos', 'did you mean --verbose?'],
  ['doctor --outptu=json', 'there is no option --outptu', 'did you mean --output?'],
  ['gc orphans --dryrun', 'there is no option --dryrun', 'did you mean --dry-run?'],
  ['sandbox create web --netwrk none', 'there is no option --netwrk', 'did you mean --network?'],
  ['version --unheard-of', 'there is no option --unheard-of', 'podctl version --help'],
  ['ps -Z', 'there is no option -Z', 'podctl ps --help'],
  ['sandbox rm', 'an argument is missing', 'podctl sandbox rm --help'],
  ['version -o csv', '-o: "csv" is unknown', 'it is one of json, yaml'],
])('podctl %s', async (line, error, hint) => {
  const { code, stderr } = await runPodctl(line.split(' '));
  expect(code).toBe(2);
  const [first, second, ...others] = stderr.split('\n');
  expect(first).toBe(`error: ${error}`);
  expect(second?.startsWith(`hint: ${hint}`)).toBe(true);
  expect(others).toEqual(['']);
});

test('a name is meant that is near, and of short ones only the nearest', () => {
  expect(meant('jsn', ['json', 'yaml'])).toBe('did you mean json?');
  expect(meant('xml', ['json', 'yaml'])).toBe('');
  expect(meant('warning', ['error', 'info'])).toBe('');
});
