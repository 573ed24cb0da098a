import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { isEnding, isRunning, processStat } from '../../src/host/process.ts';
import { until } from '../rig/process.ts';

test('one that gave up its namespaces is ending; one that has them, or hides them, is not', async () => {
  expect(isEnding(process.pid)).toBe(false);
  // The first child ends, and its parent, which is another program by now, never asks for it.
  const parent = spawn('sh', ['-c', 'true & exec sleep 86400']);
  onTestFinished(() => {
    parent.kill('SIGKILL');
  });
  const children = `/proc/${parent.pid}/task/${parent.pid}/children`;
  const zombie = () => Number(fs.readFileSync(children, 'utf8').split(' ')[0] || 0);
  await until('the child to be a zombie', () => processStat(zombie())?.state === 'Z');
  expect(isEnding(zombie())).toBe(true);
  expect(isRunning({ pid: zombie(), startTicks: processStat(zombie())?.startTicks ?? 0 })).toBe(false);
  expect(isEnding(parent.pid ?? 0)).toBe(false);
});
