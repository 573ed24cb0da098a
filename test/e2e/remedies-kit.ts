import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { identifySince } from '../../src/host/file-identity.ts';
import type { Plan, StepResult } from '../../src/model/plan.ts';
import type { Report } from '../../src/model/report.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { RemedyContext } from '../../src/remedy/context.ts';
import { remedyFor } from '../../src/remedy/plans/index.ts';
import type { Planned, RemedyRequest } from '../../src/remedy/remedy.ts';
import { carryOut, openRun } from '../../src/remedy/run.ts';
import { openSessions } from '../../src/remedy/sessions.ts';
import { recordStore } from '../../src/sandbox/records.ts';
import { openState } from '../../src/sandbox/state-folder.ts';
import type { Containerd } from '../rig/containerd.ts';
import { examine } from './doctor.ts';

/** A state folder of the test's own, and what remedies are carried out with. */
export function remedyContext(): { context: RemedyContext; stateDir: string } {
  const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-remedies-'));
  const sessions = openSessions(10_000);
  onTestFinished(() => {
    sessions.close();
    fs.rmSync(stateDir, { recursive: true });
  });
  const state = openState(stateDir, { create: true });
  if (!state) throw new Error('no state folder');
  return {
    stateDir,
    context: {
      records: recordStore(state),
      cni: { cacheDir: path.join(stateDir, 'cni'), timeoutMs: 10_000, envPath: '/usr/bin' },
      mountNsOf: null,
      session: sessions.session,
      now: Date.now,
      at: () => {},
    },
  };
}

/** What the remedy of a check makes of its one finding on a rig, from facts as the doctor saw them. */
export async function planFor(
  containerd: Containerd,
  check: string,
  more: Partial<Pick<RemedyRequest, 'risk' | 'pauseArchive'>> = {},
): Promise<Planned> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-plan-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'snapshot.json');
  const { report } = await examine(containerd, ['--min-age', '0s', '--save-snapshot', file]);
  const { facts, takenAt } = JSON.parse(fs.readFileSync(file, 'utf8')) as Snapshot;
  const found = report.checks.find(({ id }) => id === check)?.findings ?? [];
  const [finding] = found;
  if (!finding || found.length > 1) throw new Error(`${found.length} findings of ${check}: ${brief(report)}`);
  const remedy = remedyFor(check, finding.messageId);
  if (!remedy) throw new Error(`no remedy for ${check} ${finding.messageId}`);
  return remedy.plan({
    check,
    finding,
    facts: facts as RemedyRequest['facts'],
    takenAt,
    identify: identifySince,
    assumeNoKubelet: false,
    risk: 'safe',
    force: [],
    pauseArchive: null,
    ...more,
  });
}

/** The plan; throws with the refusal where there is none. */
export function mustPlan(planned: Planned): Plan {
  if ('refusal' in planned) throw new Error(planned.refusal.reason);
  return planned.plan;
}

/** Carries a plan out as podctl does, with journal and quarantine. */
export async function cure(plan: Plan): Promise<{ steps: StepResult[]; folder: string }> {
  const { context, stateDir } = remedyContext();
  const run = openRun(stateDir, new Date(), [plan]);
  const [done] = await carryOut([plan], context, run);
  return { steps: done?.steps ?? [], folder: run.folder };
}

export function statuses(steps: readonly StepResult[]): string[] {
  return steps.map(({ id, status, reason }) =>
    status === 'failed' || status === 'refused' ? `${id} ${status}: ${reason}` : `${id} ${status}`,
  );
}

function brief({ checks }: Report): string {
  return JSON.stringify(checks.flatMap(({ id, findings }) => findings.map((f) => `${id} ${f.message}`)));
}
