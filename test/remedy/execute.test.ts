import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { identityOf } from '../../src/host/process.ts';
import type { Guard } from '../../src/model/plan.ts';
import type { RemedyContext } from '../../src/remedy/context.ts';
import { execute, failureOf, warningsOf } from '../../src/remedy/execute.ts';
import { refusalOf } from '../../src/remedy/guards.ts';
import { recordStore } from '../../src/sandbox/records.ts';
import { openState } from '../../src/sandbox/state-folder.ts';
import { kill, plan, step } from '../../src/sandbox/steps.ts';
import { sandboxRecord } from '../sandbox/records.ts';

let dir = '';
let context: RemedyContext;
let points: string[];

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-remedy-'));
  const state = openState(dir, { create: true });
  if (!state) throw new Error('no state folder');
  points = [];
  context = {
    records: recordStore(state),
    cni: { cacheDir: path.join(dir, 'cni'), timeoutMs: 1000, envPath: '/usr/bin' },
    mountNsOf: null,
    session: () => {
      throw new Error('no runtime');
    },
    now: Date.now,
    at: (point) => points.push(point),
  };
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

const record = sandboxRecord(1);
const phase = (to: 'ready' | 'stopped') => step({ kind: 'set-phase', id: record.id, phase: to }, '');
const planOf = (...steps: Parameters<typeof plan>[3]) => plan('test', 'safe', '', steps);
const statuses = async (...steps: Parameters<typeof plan>[3]) =>
  (await execute(planOf(...steps), context)).map((r) => r.status);

test('steps are carried out in order, and told when they had nothing to do', async () => {
  const steps = [step({ kind: 'write-record', record }, ''), phase('stopped'), phase('stopped')];
  expect(await statuses(...steps)).toEqual(['done', 'done', 'nothing-to-do']);
  expect(context.records.read(record.id)).toMatchObject({ phase: 'stopped', revision: 3 });
  expect(points).toEqual(['before', 'after', 'before', 'after', 'before', 'after']);
});

test('a failure ends the plan, unless the step says otherwise', async () => {
  const first = planOf({ ...phase('stopped'), onFailure: 'go-on' }, phase('ready'), phase('stopped'));
  const results = await execute(first, context);
  expect(results.map((r) => r.status)).toEqual(['failed', 'failed', 'not-reached']);
  expect(failureOf(first, results)?.reason).toContain('the record of sandbox');
  expect(warningsOf(first, results)).toHaveLength(1);
  expect(points).toEqual(['before', 'before']);
});

test('guards are read at the moment of the step', async () => {
  const guard = (revision: number): Guard => ({ kind: 'record-is', id: record.id, revision });
  const steps = [
    step({ kind: 'write-record', record }, ''),
    { ...phase('stopped'), guards: [guard(2)] },
    { ...phase('ready'), guards: [guard(2)] },
  ];
  const results = await execute(planOf(...steps), context);
  expect(results.map((r) => r.status)).toEqual(['done', 'done', 'refused']);
  expect(results[2]?.reason).toBe('its record was changed in the meantime: look again');
});

test('guards on processes and namespaces compare what survives reuse', () => {
  const self = identityOf(process.pid);
  if (!self) throw new Error('no /proc');
  const reused = { ...self, startTicks: self.startTicks + 1 };
  const { dev, ino } = fs.statSync('/proc/self/ns/net');
  const reason = (guard: Guard) => refusalOf(guard, context);
  expect(reason({ kind: 'process-is', process: self })).toBeNull();
  expect(reason({ kind: 'process-is', process: reused })).toContain('another one by now');
  expect(reason({ kind: 'process-gone', process: self })).toBe(`process ${process.pid} runs`);
  expect(reason({ kind: 'process-gone', process: reused })).toBeNull();
  expect(reason({ kind: 'namespace-is', path: '/proc/self/ns/net', ns: `${dev}:${ino}` })).toBeNull();
  expect(reason({ kind: 'namespace-is', path: '/proc/self/ns/net', ns: '4:1' })).toContain('and was 4:1');
  expect(reason({ kind: 'namespace-is', path: '/nowhere', ns: '4:1' })).toContain('no namespace');
  expect(reason({ kind: 'record-is', id: record.id, revision: 1 })).toBe('its record is gone');
});

test('a signal reaches that very process and waits for its end; twice is nothing to do', async () => {
  const child = spawn('sleep', ['86400']);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const target = identityOf(child.pid ?? 0);
  if (!target) throw new Error('no child');
  const ended = once(child, 'exit');
  const reused = { ...target, startTicks: target.startTicks + 1 };
  expect(await statuses(kill(reused, 'sleep', ''))).toEqual(['failed']);
  expect(await statuses(kill(target, 'sleep', ''))).toEqual(['done']);
  expect((await ended)[1]).toBe('SIGKILL');
  expect(await statuses(kill(target, 'sleep', ''))).toEqual(['nothing-to-do']);
});
