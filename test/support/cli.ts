import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { Report } from '../../src/model/report.ts';

export const root = path.resolve(import.meta.dirname, '../..');
/** The built executable: `npm test` builds it before the tests; alone, run `node .ci/setup.mjs` first. */
export const podctl = path.join(root, 'dist/podctl.js');

/** A folder for all tests of a file; it goes when they are through. */
export function folderForFile(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-'));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Called with the process once it runs: to send it signals. */
  started?: (pid: number) => void;
}

/** Runs the real executable without a terminal, with an environment that forces nothing. */
export function runPodctl(args: string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [podctl, ...args], {
      cwd: options.cwd ?? root,
      env: { PATH: process.env.PATH ?? '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    child.once('spawn', () => {
      if (child.pid !== undefined) options.started?.(child.pid);
    });
  });
}

/** The doctor's JSON report. Throws with what was said when there is none. */
export async function reportOf(args: string[], options: RunOptions = {}): Promise<Ran & { report: Report }> {
  const ran = await runPodctl(['doctor', '-o', 'json', ...args], options);
  if (ran.stdout === '') throw new Error(`no report: ${ran.stderr}`);
  return { ...ran, report: JSON.parse(ran.stdout) };
}
