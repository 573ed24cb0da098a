import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Change, ChangeKind } from '../../src/model/change.ts';
import { until } from '../rig/process.ts';
import { endOf } from '../rig/script.ts';
import { podctl } from './doctor.ts';

/** What a look costs, as seen from outside when its report was written. */
export interface Sample {
  /** KiB that are in memory. */
  resident: number;
  descriptors: number;
  children: number;
}

/** A watch that runs. */
export interface Watching {
  pid: number;
  /** All that it told so far. */
  changes: Change[];
  /** One for each look, in order. */
  samples: Sample[];
  stderr(): string;
  /** Waits for a change from the one with number `from` on; gives it. `id`: of the subject, or the fingerprint. */
  told(change: ChangeKind, check: string, id?: string, from?: number): Promise<Change>;
  /** Waits until so many looks were made in all. */
  looked(count: number): Promise<void>;
  /** Sends a signal and waits for the end; gives the exit code. Throws where the last line is cut. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const PATIENCE_MS = 60_000;

/** Starts `podctl doctor --watch -o ndjson`, with a report for Prometheus into `folder` at each look. */
export async function startWatch(folder: string, args: string[]): Promise<Watching> {
  const report = path.join(folder, 'podctl.prom');
  const child = spawn(
    process.execPath,
    [podctl(), 'doctor', '--watch', '-o', 'ndjson', '--report', `prometheus=${report}`, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error('podctl did not start');
  const samples: Sample[] = [];
  const looks = fs.watch(folder, (_, name) => {
    const sample = name === path.basename(report) ? sampleOf(pid) : null;
    if (sample) samples.push(sample);
  });
  child.once('close', () => looks.close());
  const { changes, rest } = readChanges(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const watching: Watching = {
    pid,
    changes,
    samples,
    stderr: () => stderr,
    async told(change, check, id, from = 0) {
      const find = () =>
        changes
          .slice(from)
          .find(
            (c) =>
              c.change === change &&
              c.check === check &&
              (id === undefined || id === c.finding?.subject.id || id === c.fingerprint),
          );
      await until(`${change} ${check}`, () => find() !== undefined || child.exitCode !== null, PATIENCE_MS);
      const found = find();
      if (!found) throw new Error(`the watch ended before it told ${change} ${check}: ${stderr}`);
      return found;
    },
    looked: (count) =>
      until(`${count} looks`, () => samples.length >= count || child.exitCode !== null, 5 * PATIENCE_MS),
    async end(signal) {
      const ended = endOf(child);
      child.kill(signal);
      const code = await ended;
      if (rest() !== '') throw new Error(`the last line is cut: ${rest()}`);
      return code;
    },
  };
  await until('the first look', () => samples.length > 0 || child.exitCode !== null);
  return watching;
}

function readChanges({ stdout }: ChildProcess): { changes: Change[]; rest: () => string } {
  const changes: Change[] = [];
  let rest = '';
  stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    changes.push(...lines.map((line) => JSON.parse(line) as Change));
  });
  return { changes, rest: () => rest };
}

/** Null when the process is gone. */
function sampleOf(pid: number): Sample | null {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      resident: Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]),
      descriptors: fs.readdirSync(`/proc/${pid}/fd`).length,
      children: fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
        .length,
    };
  } catch {
    return null;
  }
}
