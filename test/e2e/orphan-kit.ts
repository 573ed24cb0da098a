import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { CACHE_DIR, pluginPath } from '../../src/cni/runtime.ts';
import { gather } from '../../src/collect/gather.ts';
import { collectors } from '../../src/collect/index.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { FACT_NAMES } from '../../src/model/fact-shapes.ts';
import type { Plan, StepResult } from '../../src/model/plan.ts';
import type { ReportedFinding } from '../../src/model/report.ts';
import type { RemedyContext } from '../../src/remedy/context.ts';
import { type Candidate, candidatesOf, type Looked, planOf } from '../../src/remedy/gc/candidates.ts';
import { remedyFor } from '../../src/remedy/plans/index.ts';
import { carryOut, openRun } from '../../src/remedy/run.ts';
import { openSessions } from '../../src/remedy/sessions.ts';
import { recordStore } from '../../src/sandbox/records.ts';
import { openState } from '../../src/sandbox/state-folder.ts';
import type { Containerd } from '../rig/containerd.ts';
import type { Line } from '../rig/packages.ts';
import { initPid, makePod, type Pod, pinOf, removePod } from '../rig/pods.ts';
import { processId } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';

/** One look at a rig, by a single check, and how what it finds would be cured. */
export interface Diagnosis {
  findings: ReportedFinding[];
  candidates: Candidate[];
}

export interface CureOptions {
  assumeNoKubelet?: boolean;
  /** Only findings about these subjects. */
  about?: (finding: ReportedFinding) => boolean;
}

/** What one check finds on the rig, whatever its age, and the plans against it. */
export async function diagnose(
  containerd: Containerd,
  check: string,
  { assumeNoKubelet = true, about = () => true }: CureOptions = {},
): Promise<Diagnosis> {
  const looked = await look(containerd, check);
  const options = { assumeNoKubelet, force: [], risk: 'destructive', pauseArchive: null } as const;
  const findings = looked.checks.flatMap((judged) => judged.findings).filter(about);
  const candidates = candidatesOf(looked, remedyFor, options).filter(({ finding }) => about(finding));
  return { findings, candidates };
}

async function look(containerd: Containerd, id: string): Promise<Looked> {
  const signal = new AbortController().signal;
  const options = { endpoint: containerd.socket, env: {}, rpcTimeoutMs: 10_000 };
  const facts = await gather(collectors, FACT_NAMES, createReadHost(), options, signal);
  const checks = builtinChecks.filter((check) => check.meta.id === id);
  if (checks.length === 0) throw new Error(`there is no check ${id}`);
  const judged = await runChecks(checks, facts, { minAgeMs: 0 });
  for (const { verdict, reason, problems } of judged)
    if (verdict === 'unknown') throw new Error(`${id}: ${reason} ${JSON.stringify(problems)}`);
  return { checks: judged, facts, takenAt: new Date().toISOString() };
}

/** Plans without refusals. Throws with the first refusal. */
export function plansOf({ candidates }: Diagnosis): Plan[] {
  return candidates.map((candidate) => {
    const plan = planOf(candidate);
    if (plan === null) throw new Error(`no plan: ${JSON.stringify(candidate.planned)}`);
    return plan;
  });
}

/** Carries plans out with a state folder of their own; gives their steps, with the kind of action of each. */
export async function perform(
  plans: readonly Plan[],
): Promise<{ kind: string; status: StepResult['status']; reason: string }[]> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-cure-'));
  const sessions = openSessions(20_000);
  try {
    const state = openState(dir, { create: true });
    if (!state) throw new Error('no state folder');
    const context: RemedyContext = {
      records: recordStore(state),
      cni: { cacheDir: CACHE_DIR, timeoutMs: 20_000, envPath: pluginPath(process.env.PATH) },
      mountNsOf: null,
      session: sessions.session,
      now: Date.now,
      at: () => {},
    };
    const done = await carryOut(plans, context, openRun(dir, new Date(), plans));
    return done.flatMap(({ plan, steps }) =>
      steps.map(({ id, status, reason }) => ({
        kind: plans[plan]?.steps.find((step) => step.id === id)?.action.kind ?? '',
        status,
        reason,
      })),
    );
  } finally {
    sessions.close();
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

const CACHE = '/var/lib/cni/results';

/** Files that reserve an address for an id. */
export function reservations({ ipamDir, cniNetwork }: Containerd, id: string): string[] {
  const folder = path.join(ipamDir, cniNetwork);
  return fs
    .readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => fs.readFileSync(file, 'utf8').startsWith(id));
}

/** Files of libcni's cache about an id. */
export function cached(id: string): string[] {
  return fs
    .readdirSync(CACHE)
    .filter((name) => name.includes(id))
    .map((name) => path.join(CACHE, name));
}

/** What must not change while others are cured: its processes, namespace, address and pin. */
function lifeOf(containerd: Containerd, pod: Pod) {
  const pause = initPid(containerd, pod.id);
  return {
    pause: processId(pause),
    net: fs.readlinkSync(`/proc/${pause}/ns/net`),
    pin: pinOf(containerd, pod.id),
    reservations: reservations(containerd, pod.id),
    cached: cached(pod.id),
  };
}

/** Runs a cure beside a healthy pod, from fault to clean, and twice. */
export async function cureBeside(
  line: Line,
  check: string,
  fault: (containerd: Containerd) => Promise<(id: string) => boolean>,
  clean: (containerd: Containerd, id: string) => void,
) {
  await withRig(line, {}, async (containerd) => {
    const bystander = await makePod(containerd, { name: 'bystander' });
    const before = lifeOf(containerd, bystander);
    const isOurs = await fault(containerd);
    const about = { about: ({ subject }: { subject: { id: string } }) => isOurs(subject.id) };
    const found = await diagnose(containerd, check, about);
    expect(found.findings).toHaveLength(1);
    const plans = plansOf(found);
    const steps = await perform(plans);
    expect(steps.filter(({ status }) => status !== 'done' && status !== 'nothing-to-do')).toEqual([]);
    expect(steps.some(({ status }) => status === 'done')).toBe(true);
    clean(containerd, found.findings[0]?.subject.id ?? '');
    expect((await diagnose(containerd, check, about)).findings).toEqual([]);
    const again = await perform(plans);
    expect(again.map(({ status }) => status)).toEqual(
      plans.flatMap((p) => p.steps.map(() => 'nothing-to-do')),
    );
    expect(lifeOf(containerd, bystander)).toEqual(before);
    await removePod(containerd, (await makePod(containerd, { name: 'next' })).id);
  });
}
