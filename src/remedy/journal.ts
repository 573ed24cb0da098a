import fs from 'node:fs';
import path from 'node:path';
import { isMissing } from '../host/read-host.ts';
import type { StepResult } from '../model/plan.ts';
import { isObject } from '../model/shape.ts';

/** One line of a run's journal. `plan` is a place in plan.json, `step` a step's id; `at` is RFC 3339. */
export type JournalLine =
  | { event: 'run'; at: string; pid: number; startTicks: number; bootId: string; plans: number }
  | {
      event: 'begins';
      at: string;
      plan: number;
      step: string;
      action: string;
      guards: string[];
      because: string;
    }
  | { event: 'ended'; at: string; plan: number; step: string; result: StepResult }
  | { event: 'end'; at: string };

const JOURNAL = 'journal.ndjson';

export function journalFile(runFolder: string): string {
  return path.join(runFolder, JOURNAL);
}

/** Lines of a run's journal. A last line that was cut off by a crash is left out. Throws the system's error. */
export function readJournal(runFolder: string): JournalLine[] {
  return readLines(journalFile(runFolder)) as JournalLine[];
}

/** Adds one line, and is back when it is on disk. */
export function appendLine(file: string, line: object): void {
  const fd = fs.openSync(file, 'a', 0o600);
  try {
    fs.writeSync(fd, `${JSON.stringify(line)}\n`);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Whole lines of a file, each a JSON object; none where there is no file. */
export function readLines(file: string): object[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n').slice(0, -1).flatMap(objectOf);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function objectOf(text: string): object[] {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? [value] : [];
  } catch {
    return [];
  }
}
