import { expect, test } from 'vitest';
import { evaluateJq } from '../../src/check/jq.ts';

const DEADLINE = 20_000;
const json = JSON.stringify({ node: 'a\x1b"b', list: [1, 2, 3], big: 9007199254740991 });
const lines = async (expression: string) => evaluateJq(json, expression, DEADLINE);

test.each([
  ['.list', ['[1,2,3]']],
  ['.list[]', ['1', '2', '3']],
  ['empty', []],
  ['.node', [JSON.stringify('a\x1b"b')]],
  ['.big', ['9007199254740991']],
  ['.list | length # a comment', ['3']],
  ['def f: . * 2; .list | map(f)', ['[2,4,6]']],
])('%s', async (expression, expected) => {
  expect(await lines(expression)).toEqual({ lines: expected });
});

test.each([['.list['], ['.a b'], ['nothing(1)'], ['.node.x'], ['error("mine")'], [']['], ['halt_error']])(
  '%s is an error in one line',
  async (expression) => {
    const answer = await lines(expression);
    expect(answer).toHaveProperty('error', expect.stringMatching(/^[^\n]+$/));
  },
);

test('an endless expression is stopped', async () => {
  expect(await evaluateJq('null', 'last(repeat(1))', 300)).toEqual({ error: 'no answer within 0.3 s' });
});

test('the environment is not to be seen', async () => {
  process.env.PODCTL_TEST_SECRET = 'secret';
  const answer = await evaluateJq('null', 'env, $ENV | tojson', DEADLINE);
  delete process.env.PODCTL_TEST_SECRET;
  expect(JSON.stringify(answer)).not.toContain('secret');
});
