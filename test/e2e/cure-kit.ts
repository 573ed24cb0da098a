import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { cureData } from '../../src/cli/cure/data.ts';
import type { Containerd } from '../rig/containerd.ts';
import { type Ran, type RunOptions, runPodctl } from '../support/cli.ts';

export type CureReport = Awaited<ReturnType<typeof cureData>>;

/** Commands that cure, on a rig, with a state folder of their own. */
export interface Curing {
  state: string;
  /** Runs `podctl ARGS`, told which runtime and which state folder. */
  run(args: string[], options?: RunOptions): Promise<Ran>;
  /** Runs `podctl gc ARGS -o json` on objects of any age, with a short wait between the looks. */
  gc(
    args: string[],
    options?: RunOptions,
  ): Promise<{ code: number | null; stderr: string; report: CureReport }>;
  close(): void;
}

/** Nothing on a rig is old. */
export const YOUNG = ['--min-age', '0s', '--settle', '1s'];

export function curing(containerd: Pick<Containerd, 'socket'>): Curing {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-cure-'));
  const state = path.join(dir, 'state');
  const run = (args: string[], options: RunOptions = {}) => {
    const looks = args[0] === 'undo' ? [] : ['-r', containerd.socket];
    return runPodctl([...args, ...looks, '--state-dir', state], options);
  };
  return {
    state,
    run,
    async gc(args, options) {
      const ran = await run(['gc', ...args, ...YOUNG, '-o', 'json'], options);
      const { code, stdout, stderr } = ran;
      try {
        return { code, stderr, report: JSON.parse(stdout) };
      } catch {
        throw new Error(`gc ${args.join(' ')}: no report (exit ${code}): ${stderr}${stdout}`);
      }
    },
    close: () => fs.rmSync(dir, { recursive: true, force: true }),
  };
}
