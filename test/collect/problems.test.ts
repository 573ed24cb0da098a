import { expect, test } from 'vitest';
import { summarize } from '../../src/collect/problems.ts';
import { problem } from '../../src/model/outcome.ts';

const many = (n: number) => Array.from({ length: n }, (_, i) => problem('denied', `no ${i}`, `/proc/${i}`));

test('a few problems are told one by one, the rest by their number', () => {
  expect(summarize([])).toEqual([]);
  expect(summarize(many(20))).toEqual(many(20));
  const told = summarize(many(500));
  expect(told.slice(0, 20)).toEqual(many(20));
  expect(told.slice(20)).toEqual([problem('denied', '480 more like: no 20')]);
});
