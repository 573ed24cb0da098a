import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identifyFile } from '../../src/host/file-identity.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { RemedyContext } from '../../src/remedy/context.ts';
import { type Draft, planOf, step } from '../../src/remedy/draft.ts';
import { journalFile, readJournal } from '../../src/remedy/journal.ts';
import { readKept } from '../../src/remedy/quarantine.ts';
import {
  carryOut,
  listRuns,
  openRun,
  type RunEvent,
  sweepRuns,
  unfinishedRun,
} from '../../src/remedy/run.ts';
import { openSessions } from '../../src/remedy/sessions.ts';
import { recordStore } from '../../src/sandbox/records.ts';
import { openState } from '../../src/sandbox/state-folder.ts';

let dir = '';
let context: RemedyContext;
const NOW = new Date('2026-03-04T05:06:07.890Z');

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-run-'));
  const state = openState(dir, { create: true });
  if (!state) throw new Error('no state folder');
  context = {
    records: recordStore(state),
    cni: { cacheDir: path.join(dir, 'cni'), timeoutMs: 1000, envPath: '/usr/bin' },
    mountNsOf: null,
    session: openSessions(1000).session,
    now: () => NOW.getTime(),
    at: () => {},
  };
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

/** A file of its own, and the step that removes it. */
function removal(name: string, content = name): { file: string; draft: Draft } {
  const file = path.join(dir, name);
  fs.writeFileSync(file, content, { mode: 0o640 });
  const identity = identifyFile(file).file;
  const draft = step({ kind: 'remove-file', path: file, file: identity, lock: '' }, 'it is left', {
    guards: [{ kind: 'file-is', path: file, file: identity }],
  });
  return { file, draft };
}

const plan = (...drafts: Draft[]): Plan =>
  planOf({ remedy: 'test', risk: 'safe', subject: null, basedOn: '' }, drafts);

it('writes every step down before and after it, and puts aside what goes', async () => {
  const one = removal('10.0.0.2', 'id\r\neth0');
  const told: RunEvent[] = [];
  const run = openRun(dir, NOW, [plan(one.draft)]);
  expect(run.name).toBe(`20260304T050607890Z-${process.pid}`);
  expect(fs.statSync(run.folder).mode & 0o777).toBe(0o700);
  expect(unfinishedRun(dir)).toBeNull();
  const done = await carryOut([plan(one.draft)], context, run, (event) => told.push(event));
  expect(done).toMatchObject([{ plan: 0, steps: [{ status: 'done' }] }]);
  expect(fs.existsSync(one.file)).toBe(false);
  expect(told.map(({ event }) => event)).toEqual(['begins', 'ended']);
  expect(readJournal(run.folder)).toMatchObject([
    { event: 'run', pid: process.pid, plans: 1 },
    { event: 'begins', plan: 0, step: '1-remove-file', action: 'remove-file', guards: ['file-is'] },
    { event: 'ended', plan: 0, step: '1-remove-file', result: { status: 'done' } },
    { event: 'end' },
  ]);
  const [kept] = readKept(run.folder);
  if (kept?.kind !== 'file') throw new Error('nothing was put aside');
  expect(kept).toMatchObject({ path: one.file, mode: 0o640 });
  expect(fs.readFileSync(kept.copy, 'utf8')).toBe('id\r\neth0');
  expect(fs.statSync(kept.copy).mode & 0o777).toBe(0o600);
});

it('goes on with the other plans when one is refused, and leaves what was changed', async () => {
  const [one, two, three] = [removal('one'), removal('two'), removal('three')];
  fs.writeFileSync(two.file, 'let again');
  const plans = [plan(two.draft, one.draft), plan(three.draft)];
  const done = await carryOut(plans, context, openRun(dir, NOW, plans));
  expect(done.map(({ steps }) => steps.map((s) => s.status))).toEqual([['refused', 'not-reached'], ['done']]);
  expect(fs.readFileSync(two.file, 'utf8')).toBe('let again');
  expect([fs.existsSync(one.file), fs.existsSync(three.file)]).toEqual([true, false]);
});

it('has nothing to do where all is gone already, guards or not', async () => {
  const one = removal('one');
  fs.rmSync(one.file);
  const run = openRun(dir, NOW, []);
  const [done] = await carryOut([plan(one.draft)], context, run);
  expect(done?.steps.map((s) => s.status)).toEqual(['nothing-to-do']);
  expect(readKept(run.folder)).toEqual([]);
});

it('does not remove what it cannot put aside', async () => {
  const one = removal('one');
  const run = openRun(dir, NOW, []);
  fs.rmSync(path.join(run.folder, 'kept'), { recursive: true });
  const [done] = await carryOut([plan(one.draft)], context, run);
  expect(done?.steps.map((s) => s.status)).toEqual(['failed']);
  expect(fs.existsSync(one.file)).toBe(true);
});

it('tells of the last run when its podctl is gone and the journal has no end', async () => {
  expect(unfinishedRun(dir)).toBeNull();
  const one = removal('one');
  const plans = [plan(one.draft)];
  const run = openRun(dir, NOW, plans);
  const [begun] = readJournal(run.folder);
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  const begins = {
    event: 'begins',
    at: '',
    plan: 0,
    step: '1-remove-file',
    action: '',
    guards: [],
    because: '',
  };
  // Another process of our number, and a last line that was cut off.
  const dead = [line({ ...begun, startTicks: 1 }), line(begins), '{"event":"end'].join('');
  fs.writeFileSync(journalFile(run.folder), dead);
  expect(unfinishedRun(dir)).toMatchObject({
    name: run.name,
    plans: JSON.parse(JSON.stringify(plans)),
    open: { plan: 0, step: '1-remove-file' },
  });
  const next = openRun(dir, new Date(NOW.getTime() + 1000), plans);
  await carryOut(plans, context, next);
  expect(unfinishedRun(dir)).toBeNull();
});

it('removes runs that are older than they are kept', () => {
  const old = openRun(dir, NOW, []);
  const young = openRun(dir, new Date(NOW.getTime() + 60_000), []);
  fs.mkdirSync(path.join(dir, 'runs', 'something'));
  expect(listRuns(dir).map(({ name }) => name)).toEqual([old.name, young.name]);
  expect(sweepRuns(dir, 30_000, NOW.getTime() + 61_000)).toEqual([old.name]);
  expect(fs.readdirSync(path.join(dir, 'runs')).sort()).toEqual([young.name, 'something']);
});
