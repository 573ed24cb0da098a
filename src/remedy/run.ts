import fs from 'node:fs';
import path from 'node:path';
import { bootId, identityOf, isRunning } from '../host/process.ts';
import { isMissing } from '../host/read-host.ts';
import { writeFileAtomic } from '../host/write-file.ts';
import type { Plan, Step, StepResult } from '../model/plan.ts';
import { planShape } from '../model/plan-shape.ts';
import { list } from '../model/shape.ts';
import type { RemedyContext } from './context.ts';
import { execute } from './execute.ts';
import { appendLine, type JournalLine, journalFile, readJournal } from './journal.ts';
import { type Kept, keepIn } from './quarantine.ts';

/** One carrying out of plans: its folder holds plan.json, journal.ndjson and what was put aside, in kept/. */
export interface Run {
  folder: string;
  /** `<UTC time, in milliseconds>-<pid>`; sorts by time. */
  name: string;
  write(line: JournalLine): void;
  keep(kept: Kept): void;
}

/** What is told while plans are carried out. `plan` is a place in the list. */
export interface RunEvent {
  plan: number;
  step: Step;
  event: 'begins' | 'ended';
  /** Set when it ended. */
  result?: StepResult;
}

/** A run that was cut short: its podctl is gone, and its journal has no end. */
export interface UnfinishedRun {
  folder: string;
  name: string;
  plans: Plan[];
  lines: JournalLine[];
  /** Step that was begun and of which nobody knows whether it was done; null: none was under way. */
  open: { plan: number; step: string } | null;
}

const RUNS = 'runs';
const plansShape = list(planShape);
const KEPT = 'kept';

/** Makes the folder of a new run and writes down what is planned. Throws the system's error. */
export function openRun(stateRoot: string, now: Date, plans: readonly Plan[]): Run {
  const name = `${now.toISOString().replace(/[-:.]/g, '')}-${process.pid}`;
  const folder = path.join(stateRoot, RUNS, name);
  fs.mkdirSync(path.join(stateRoot, RUNS), { recursive: true, mode: 0o700 });
  fs.mkdirSync(path.join(folder, KEPT), { recursive: true, mode: 0o700 });
  writeFileAtomic(path.join(folder, 'plan.json'), `${JSON.stringify(plans, null, 2)}\n`, 0o600);
  const run: Run = {
    folder,
    name,
    write: (line) => appendLine(journalFile(folder), line),
    keep: (kept) => keepIn(path.join(folder, KEPT), kept, new Date()),
  };
  const { pid, startTicks } = identityOf(process.pid) ?? { pid: process.pid, startTicks: 0 };
  run.write({
    event: 'run',
    at: now.toISOString(),
    pid,
    startTicks,
    bootId: bootId(),
    plans: plans.length,
  });
  return run;
}

/**
 * Carries out plans, one after the other: one that is refused or fails does not stop the others. When `stop`
 * aborts, the step under way is finished and no other is begun.
 */
export async function carryOut(
  plans: readonly Plan[],
  context: RemedyContext,
  run: Run,
  told: (event: RunEvent) => void = () => {},
  stop: AbortSignal = new AbortController().signal,
): Promise<{ plan: number; steps: StepResult[] }[]> {
  const done: { plan: number; steps: StepResult[] }[] = [];
  const at = () => new Date(context.now()).toISOString();
  for (const [index, plan] of plans.entries()) {
    const steps = await execute(plan, context, {
      keep: run.keep,
      stops: () => stop.aborted,
      begins(step) {
        const { id, action, guards, because } = step;
        const names = guards.map((guard) => guard.kind);
        run.write({
          event: 'begins',
          at: at(),
          plan: index,
          step: id,
          action: action.kind,
          guards: names,
          because,
        });
        told({ plan: index, step, event: 'begins' });
      },
      ended(step, result) {
        run.write({ event: 'ended', at: at(), plan: index, step: step.id, result });
        told({ plan: index, step, event: 'ended', result });
      },
    });
    done.push({ plan: index, steps });
  }
  run.write({ event: 'end', at: at() });
  return done;
}

/** Folders of runs, the oldest first. */
export function listRuns(stateRoot: string): { name: string; folder: string }[] {
  const runs = path.join(stateRoot, RUNS);
  try {
    return fs
      .readdirSync(runs)
      .filter((name) => NAME.test(name))
      .sort()
      .map((name) => ({ name, folder: path.join(runs, name) }));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const NAME = /^\d{8}T\d{9}Z-\d+$/;

/** The last run, when it was cut short; null when it came to its end, or its podctl still runs. */
export function unfinishedRun(stateRoot: string): UnfinishedRun | null {
  const last = listRuns(stateRoot).at(-1);
  if (!last) return null;
  const lines = readJournal(last.folder);
  if (lines.some(({ event }) => event === 'end') || isUnderWay(lines)) return null;
  return { ...last, plans: plansOf(last.folder), lines, open: openStep(lines) };
}

function isUnderWay(lines: readonly JournalLine[]): boolean {
  return lines.some((line) => line.event === 'run' && line.bootId === bootId() && isRunning(line));
}

function openStep(lines: readonly JournalLine[]): UnfinishedRun['open'] {
  const last = lines.at(-1);
  return last?.event === 'begins' ? { plan: last.plan, step: last.step } : null;
}

/** What a run was to carry out; none where that cannot be read or is damaged. */
export function plansOf(folder: string): Plan[] {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(path.join(folder, 'plan.json'), 'utf8'));
    return plansShape.fault(value, 'plans') === null ? (value as Plan[]) : [];
  } catch {
    return [];
  }
}

/** Removes runs that began more than `keepMs` ago, with what they put aside. Gives their names. */
export function sweepRuns(stateRoot: string, keepMs: number, now = Date.now()): string[] {
  const old = listRuns(stateRoot).filter(({ name }) => now - beganAt(name) > keepMs);
  for (const { folder } of old) fs.rmSync(folder, { recursive: true, force: true });
  return old.map(({ name }) => name);
}

function beganAt(name: string): number {
  const [, y, mo, d, h, mi, s, ms] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(name) ?? [];
  return Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}.${ms}Z`);
}
