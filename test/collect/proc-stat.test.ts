import fs from 'node:fs';
import { expect, test } from 'vitest';
import { parseProcStat } from '../../src/collect/proc-stat.ts';

const SHIM =
  '30845 (containerd-shim) S 1 30845 30714 0 -1 4194304 2118 5185 0 0 15 4 2 7 20 0 12 0 451589 2138775552 4670 18446744073709551615 4202496 11040821 140728514904016 0 0 0 1002055680 1 2143420158 0 0 0 17 0 0 0 0 0 0 19037680 19534113 620589056 140728514910395 140728514910595 140728514910595 140728514912192 0\n';

test('a recorded shim', () => {
  expect(parseProcStat(SHIM)).toEqual({
    comm: 'containerd-shim',
    state: 'S',
    ppid: 1,
    startTicks: 451589,
    kernelThread: false,
  });
});

test.each([') S 1', 'a b', '((', '))', 'x) Z 0 (y', 'two\nlines', ''])('the name %j ends nothing', (comm) => {
  const text = SHIM.replace('containerd-shim', () => comm);
  expect(parseProcStat(text)).toMatchObject({ comm, state: 'S', ppid: 1, startTicks: 451589 });
});

test('a thread of the kernel is known by its flag, not by its parent', () => {
  const kthreadd = '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0\n';
  expect(parseProcStat(kthreadd)?.kernelThread).toBe(true);
  const second = kthreadd.replace('2129984', '4194304').replace('kthreadd', 'sh');
  expect(parseProcStat(second)?.kernelThread).toBe(false);
});

test.each(['', '1', '1 (x', '1 (x)', '1 (x) S', '1 (x) S 1 1 1', ')1 (', '1 (x) SS 1'])(
  '%j is no stat',
  (text) => {
    expect(parseProcStat(text)).toBeNull();
  },
);

test('this very process', () => {
  expect(parseProcStat(fs.readFileSync('/proc/self/stat', 'utf8'))).toMatchObject({
    ppid: process.ppid,
    kernelThread: false,
  });
});
