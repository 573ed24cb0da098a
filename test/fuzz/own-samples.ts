import fs from 'node:fs';
import path from 'node:path';
import type { Plan } from '../../src/model/plan.ts';
import { planOf } from '../../src/remedy/gc/candidates.ts';
import type { PlanSet } from '../../src/remedy/gc/plan-set.ts';
import { candidate } from '../remedy/gc/candidate.ts';

const scenario = path.join(import.meta.dirname, '../scenarios/pause-killed-2.1.9.snapshot.json');

/** A recorded node, as `--save-snapshot` writes it. */
export const SNAPSHOT = JSON.stringify(JSON.parse(fs.readFileSync(scenario, 'utf8')));

const plan = planOf(candidate()) as Plan;

const set: PlanSet = {
  schema: 'podctl.plan-set/v1',
  podctl: '0.1.0',
  node: 'worker-1',
  bootId: 'boot',
  createdAt: 0,
  basedOn: {
    checks: ['netns/leaked'],
    kinds: ['netns'],
    endpoint: null,
    minAgeMs: 1,
    assumeNoKubelet: false,
    force: [],
    maxPercent: null,
    risk: 'disruptive',
    pauseArchive: null,
  },
  plans: [plan],
};

/** As `--plan-out` writes it. */
export const PLAN_SET = JSON.stringify(set);

const FILE = { path: '/etc/containerd/config.toml', sha256: 'ab'.repeat(32) };
const edit = {
  kind: 'write-config',
  ...FILE,
  edits: [{ key: ['a'], value: 'b' }],
  backupFolder: '/x',
  check: null,
};

/** What a run leaves that edited one file. */
export const RUN = {
  plans: JSON.stringify([
    {
      ...plan,
      steps: [{ id: '1-write', action: edit, guards: [], because: '', timeoutMs: 1, onFailure: 'stop' }],
    },
  ]),
  kept: JSON.stringify({
    at: '2026-11-23T12:00:00.000Z',
    kind: 'file',
    path: FILE.path,
    file: { dev: 1, ino: 2, sha256: FILE.sha256 },
    mode: 420,
    mtime: 1,
    copy: '/run/podctl/runs/1/kept/0-config.toml',
  }),
  journal: JSON.stringify({
    event: 'run',
    at: '2026-11-23T12:00:00.000Z',
    pid: 1,
    startTicks: 2,
    bootId: 'b',
    plans: 1,
  }),
};
