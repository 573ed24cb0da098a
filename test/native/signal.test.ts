import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { processId } from '../rig/process.ts';
import { endOf } from '../rig/script.ts';
import { errorOf, helped, helper } from './native.ts';

function sleeper() {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const id = processId(child.pid ?? 0);
  if (!id) throw new Error('sleep cannot be started');
  const args = (signal: number, start = id.startTicks) => [
    'signal',
    '--pid',
    `${id.pid}`,
    '--start',
    `${start}`,
    '--signal',
    `${signal}`,
  ];
  return { child, id, args };
}

it('reaches the process that was meant, and waits for its end', async () => {
  const { child, args } = sleeper();
  expect(await helped(args(0))).toEqual([{ sent: true }]);
  expect(await helped([...args(18), '--wait-ms', '20'])).toEqual([{ sent: true, ended: false }]);
  expect(await helped([...args(15), '--wait-ms', '20000'])).toEqual([{ sent: true, ended: true }]);
  await endOf(child);
  expect(child.signalCode).toBe('SIGTERM');
  expect(await helped(args(15))).toEqual([{ gone: true }]);
});

it('leaves a process alone that got the number since', async () => {
  const { child, id, args } = sleeper();
  const ran = await helper(args(9, id.startTicks - 1));
  expect([ran.code, errorOf(ran)?.code]).toEqual([1, 'reused']);
  expect(child.exitCode ?? child.signalCode).toBeNull();
});

it.each([
  ['--pid', '0'],
  ['--pid', '-1'],
  ['--signal', '65'],
  ['--start', '1x'],
  ['--wait-ms', '99999999999999999999'],
])('refuses %s %s', async (option, value) => {
  const { args } = sleeper();
  const ran = await helper([...args(0), option, value]);
  expect([ran.code, errorOf(ran)?.code]).toEqual([2, 'usage']);
});
