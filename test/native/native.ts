import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, expect, onTestFinished } from 'vitest';
import { processId, signal } from '../rig/process.ts';
import { root } from '../support/cli.ts';

/** The built programs: `npm test` builds them before the tests; alone, run `node .ci/setup.mjs` first. */
export const pause = path.join(root, 'dist/native/pause');
export const podctlNs = path.join(root, 'dist/native/podctl-ns');

export type Line = Record<string, unknown>;

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  /** What came on descriptor 3. */
  lines: Line[];
}

export interface How {
  /** A program and arguments to run it under: strace, setpriv, nsenter. */
  under?: string[];
  cwd?: string;
  env?: Record<string, string>;
  started?: (child: ChildProcess) => void;
  onLine?: (line: Line, child: ChildProcess) => void;
}

/** Runs podctl-ns with descriptor 3 as a pipe. */
export function helper(args: string[], how: How = {}): Promise<Ran> {
  const [file = '', ...rest] = [...(how.under ?? []), podctlNs, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      ...(how.cwd === undefined ? {} : { cwd: how.cwd }),
      ...(how.env === undefined ? {} : { env: how.env }),
    });
    const texts = ['', '', '', ''];
    for (const fd of [1, 2, 3]) {
      (child.stdio[fd] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
        texts[fd] += chunk;
        if (fd === 3) for (const text of chunk.split('\n').filter(Boolean)) how.onLine?.(parsed(text), child);
      });
    }
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({
        code,
        stdout: texts[1] ?? '',
        stderr: texts[2] ?? '',
        lines: (texts[3] ?? '').split('\n').filter(Boolean).map(parsed),
      }),
    );
    how.started?.(child);
  });
}

function parsed(text: string): Line {
  return JSON.parse(text) as Line;
}

/** The report lines of a run that must succeed, without the last. */
export async function helped(args: string[], how?: How): Promise<Line[]> {
  const { code, lines, stderr } = await helper(args, how);
  if (code !== 0 || lines.at(-1)?.done !== true) throw new Error(`podctl-ns ${args.join(' ')}: ${stderr}`);
  return lines.slice(0, -1);
}

/** The error that a run reported; undefined when there was none. */
export function errorOf(ran: Ran): { code: string; message: string; errno: number } | undefined {
  return ran.lines.find((line) => line.error)?.error as { code: string; message: string; errno: number };
}

/** A folder that goes with the test, and whatever is mounted in it before. */
export function folder(): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-native-'));
  onTestFinished(async () => {
    for (const mount of mountsBelow(made).reverse())
      await new Promise((done) => spawn('umount', ['-l', mount]).once('close', done));
    fs.rmSync(made, { recursive: true, force: true });
  });
  return made;
}

/** A folder that goes with the test file. */
export function folderFor(purpose: string): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), `podctl-native-${purpose}-`));
  afterAll(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Expects of a value that it becomes right: at once as a rule, much later on a busy machine. */
export function eventually<T>(value: () => T) {
  return expect.poll(value, { timeout: 30_000 });
}

/** Mount points below a folder, in order. */
export function mountsBelow(where: string): string[] {
  const lines = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return lines.map((line) => line.split(' ')[4] ?? '').filter((point) => point.startsWith(`${where}/`));
}

/** `device:inode` of a namespace file or link. */
export function idOf(file: string): string {
  const { dev, ino } = fs.statSync(file);
  return `${dev}:${ino}`;
}

/** Ends that very process, if it is still there, when the test ends. */
export function endLater(pid: number): void {
  const id = processId(pid);
  onTestFinished(() => void (id && signal(id, 'SIGKILL')));
}

/** Gone, or a zombie that its new parent has not reaped yet. */
export function hasEnded(pid: number): boolean {
  return processId(pid) === null;
}

/** New namespaces pinned in a folder that goes with the test; `args` go to create. */
export async function pinned(args: string[] = []): Promise<{ at: string; ids: Record<string, string> }> {
  const at = folder();
  const paths = ['net', 'ipc', 'uts'].flatMap((type) => [`--${type}`, path.join(at, type)]);
  const lines = await helped(['create', ...paths, ...args]);
  return { at, ids: Object.fromEntries(lines.map((line) => [String(line.ns), String(line.id)])) };
}

/** strace that makes calls fail on purpose, and says nothing. `when=` counts in each process for itself. */
export function failing(...faults: string[]): string[] {
  return ['strace', '-f', '-qq', '-o', '/dev/null', ...faults.flatMap((fault) => ['-e', `inject=${fault}`])];
}
