import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyFile } from '../../src/host/file-identity.ts';
import type { RemedyContext } from '../../src/remedy/context.ts';
import { planOf, step } from '../../src/remedy/draft.ts';
import { carryOut, openRun, type Run } from '../../src/remedy/run.ts';
import { openSessions } from '../../src/remedy/sessions.ts';
import { planUndo, putAside } from '../../src/remedy/undo.ts';
import { recordStore } from '../../src/sandbox/records.ts';
import { openState } from '../../src/sandbox/state-folder.ts';

const BEFORE = '# ours\nversion = 2\nroot = "/a" # kept\n';
const EDITS = [{ key: ['root'], value: '/b' }];

let dir = '';
let file = '';
let context: RemedyContext;

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-undo-'));
  const state = openState(path.join(dir, 'state'), { create: true });
  if (!state) throw new Error('no state folder');
  file = path.join(dir, 'config.toml');
  fs.writeFileSync(file, BEFORE, { mode: 0o640 });
  context = {
    records: recordStore(state),
    cni: { cacheDir: dir, timeoutMs: 1000, envPath: '/usr/bin' },
    mountNsOf: null,
    session: openSessions(1000).session,
    now: Date.now,
    at() {},
  };
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A run that wrote the configuration and removed a file beside it. */
async function aRun(): Promise<Run> {
  const other = path.join(dir, '10.88.0.17');
  fs.writeFileSync(other, 'somebody');
  const action = { path: file, sha256: sha256(BEFORE), edits: EDITS, backupFolder: dir, check: null };
  const plan = planOf({ remedy: 'test', risk: 'safe', subject: null, basedOn: '' }, [
    step({ kind: 'write-config', ...action }, ''),
    step({ kind: 'remove-file', path: other, file: identifyFile(other).file, lock: '' }, ''),
  ]);
  const run = openRun(path.join(dir, 'state'), new Date(), [plan]);
  const [done] = await carryOut([plan], context, run);
  expect(done?.steps.map((s) => s.status)).toEqual(['done', 'done']);
  return run;
}

async function undo(run: Run): Promise<string[]> {
  const plan = planUndo(await putAside(run));
  if (!plan) return [];
  const again = openRun(path.join(dir, 'state'), new Date(Date.now() + 1000), [plan]);
  return (await carryOut([plan], context, again)).flatMap(({ steps }) => steps.map((s) => s.status));
}

test('a file that is still what the run wrote is given back, byte for byte, with its mode', async () => {
  const run = await aRun();
  const after = fs.readFileSync(file, 'utf8');
  expect(after).toBe(BEFORE.replace('"/a"', '"/b"'));
  expect(await putAside(run)).toMatchObject({
    written: [{ path: file, state: 'written', sha256: sha256(after) }],
    removed: [path.join(dir, '10.88.0.17')],
    others: 0,
  });
  expect(await undo(run)).toEqual(['done']);
  expect(fs.readFileSync(file, 'utf8')).toBe(BEFORE);
  expect(fs.statSync(file).mode & 0o777).toBe(0o640);
  expect(fs.existsSync(path.join(dir, '10.88.0.17'))).toBe(false);
  expect((await putAside(run)).written[0]?.state).toBe('restored');
  expect(await undo(run)).toEqual([]);
});

test('a file that was changed since is left alone', async () => {
  const run = await aRun();
  fs.appendFileSync(file, '# mine\n');
  const mine = fs.readFileSync(file, 'utf8');
  expect((await putAside(run)).written[0]?.state).toBe('changed');
  expect(await undo(run)).toEqual([]);
  expect(fs.readFileSync(file, 'utf8')).toBe(mine);
});

test('a file that is changed after the look is refused', async () => {
  const run = await aRun();
  const plan = planUndo(await putAside(run));
  if (!plan) throw new Error('something is to be given back');
  fs.appendFileSync(file, '# mine\n');
  const again = openRun(path.join(dir, 'state'), new Date(Date.now() + 1000), [plan]);
  const [done] = await carryOut([plan], context, again);
  expect(done?.steps).toMatchObject([
    { status: 'refused', reason: `${file} was changed in the meantime: look again` },
  ]);
});

test('a file that is gone, or a link by now, stays so', async () => {
  const run = await aRun();
  fs.rmSync(file);
  expect((await putAside(run)).written[0]?.state).toBe('gone');
  fs.symlinkSync('/etc/passwd', file);
  expect((await putAside(run)).written[0]?.state).toBe('gone');
  expect(await undo(run)).toEqual([]);
});

test('a run whose copy or plan is damaged is told, and does not keep others from being seen', async () => {
  const run = await aRun();
  const index = path.join(run.folder, 'kept/index.ndjson');
  const whole = fs.readFileSync(index, 'utf8');
  const [copied] = (await putAside(run)).written;
  fs.rmSync(copied?.copy ?? '');
  expect((await putAside(run)).written[0]).toMatchObject({ path: file, state: 'lost' });
  expect(await undo(run)).toEqual([]);
  fs.writeFileSync(index, whole.replaceAll('"sha256":"', '"sha256":["'));
  fs.appendFileSync(index, '{"kind":"file","path":7}\n');
  expect(await putAside(run)).toMatchObject({ written: [], removed: [], others: 0 });
  fs.writeFileSync(index, whole);
  fs.writeFileSync(path.join(run.folder, 'plan.json'), '[{"steps":null}]');
  expect((await putAside(run)).written).toEqual([]);
});

test('giving back is a run too, and there is nothing more to give back from it', async () => {
  const run = await aRun();
  await undo(run);
  const runs = fs.readdirSync(path.join(dir, 'state/runs')).sort();
  const last = runs.at(-1) ?? '';
  const folder = path.join(dir, 'state/runs', last);
  expect(await putAside({ name: last, folder })).toMatchObject({ written: [], removed: [], others: 0 });
});

test('a step under way is finished, and no other is begun', async () => {
  const stop = new AbortController();
  const plan = planOf({ remedy: 'test', risk: 'safe', subject: null, basedOn: '' }, [
    step({ kind: 'unpin', path: path.join(dir, 'none'), ns: null }, ''),
    step({ kind: 'unpin', path: path.join(dir, 'none'), ns: null }, ''),
  ]);
  const run = openRun(path.join(dir, 'state'), new Date(), [plan, plan]);
  const told = () => stop.abort();
  const done = await carryOut([plan, plan], context, run, told, stop.signal);
  expect(done.map(({ steps }) => steps.map((s) => s.status))).toEqual([
    ['nothing-to-do', 'not-reached'],
    ['not-reached', 'not-reached'],
  ]);
});

test('a configuration file that a run took away is given back, unless another one came', async () => {
  const plan = planOf({ remedy: 'test', risk: 'disruptive', subject: null, basedOn: '' }, [
    step({ kind: 'put-config-aside', path: file, file: identifyFile(file).file }, ''),
  ]);
  const run = openRun(path.join(dir, 'state'), new Date(), [plan]);
  await carryOut([plan], context, run);
  expect(fs.existsSync(file)).toBe(false);
  expect(await putAside(run)).toMatchObject({ written: [{ path: file, state: 'away' }], removed: [] });
  const late = planUndo(await putAside(run));
  fs.writeFileSync(file, 'mine');
  expect((await putAside(run)).written[0]?.state).toBe('changed');
  if (!late) throw new Error('something is to be given back');
  const refused = openRun(path.join(dir, 'state'), new Date(Date.now() + 500), [late]);
  expect((await carryOut([late], context, refused))[0]?.steps).toMatchObject([{ status: 'refused' }]);
  fs.rmSync(file);
  expect(await undo(run)).toEqual(['done']);
  expect([fs.readFileSync(file, 'utf8'), fs.statSync(file).mode & 0o777]).toEqual([BEFORE, 0o640]);
  expect((await putAside(run)).written[0]?.state).toBe('restored');
});
