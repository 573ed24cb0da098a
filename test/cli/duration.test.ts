import { expect, test } from 'vitest';
import { parseDeadline, parseDuration } from '../../src/cli/duration.ts';

test.each([
  ['10s', 10_000],
  ['2m', 120_000],
  ['1h30m', 5_400_000],
  ['500ms', 500],
  ['1.5s', 1500],
  ['10', 10_000],
  ['0', 0],
  ['0s', 0],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration('--x', text)).toBe(ms);
});

test.each(['', 's', '10x', '-1s', '1 s', '1e3', '0x10', 'Infinity', '10s5', '٣s'])(
  '%j is no duration',
  (text) => {
    expect(() => parseDuration('--x', text)).toThrow(`--x: "${text}" is no duration`);
  },
);

test('timers hold no more than 24 days', () => {
  expect(() => parseDuration('--x', '600h')).toThrow('too long');
  expect(() => parseDuration('--x', '9'.repeat(400))).toThrow('too long');
});

test('a deadline of nothing is refused', () => {
  expect(() => parseDeadline('--x', '0s')).toThrow('--x: must be longer than nothing');
});
