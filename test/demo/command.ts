import { spawn } from 'node:child_process';
import { shellLine } from '../../src/check/shell-line.ts';
import { podctl } from '../e2e/doctor.ts';

/** Shows a podctl command and runs it in view of the user. Gives its exit code. */
export function show(...args: string[]): Promise<number | null> {
  console.log(`\n$ podctl ${shellLine(args)}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [podctl(), ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', resolve);
  });
}

let steps = 0;

/** Says in a line what comes next. */
export function step(text: string): void {
  steps += 1;
  console.log(`\n${steps}. ${text}`);
}
