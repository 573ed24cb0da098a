import { bootId } from '../../host/process.ts';
import { writeFileAtomic } from '../../host/write-file.ts';
import { type PlanSet, planSetShape, staleness } from '../../remedy/gc/plan-set.ts';
import { describe } from '../describe.ts';
import { readDocument } from '../read-document.ts';
import { UsageError } from '../usage-error.ts';
import { VERSION } from '../version.ts';
import type { Proposal } from './cure.ts';
import type { CureRequest } from './request.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const OWNER_ONLY = 0o600;

/** Saves what was planned, for `podctl apply`. Throws a UsageError that names the file. */
export function savePlans(file: string, request: CureRequest, { judged, plans }: Proposal): void {
  const { look, kinds, assumeNoKubelet, force, maxPercent, risk, pauseArchive } = request;
  const set: PlanSet = {
    schema: 'podctl.plan-set/v1',
    podctl: VERSION,
    node: nodeOf(judged),
    bootId: bootId(),
    createdAt: Date.now(),
    basedOn: {
      checks: look.checks.filter(({ file }) => file === undefined).map((check) => check.meta.id),
      kinds: kinds === null ? null : [...kinds],
      endpoint: look.endpoint,
      minAgeMs: look.minAgeMs,
      assumeNoKubelet,
      force,
      maxPercent,
      risk,
      pauseArchive,
    },
    plans,
  };
  try {
    writeFileAtomic(file, `${JSON.stringify(set, null, 2)}\n`, OWNER_ONLY);
  } catch (error) {
    throw new UsageError(`cannot write the plan ${file}: ${describe(error)}`, 'name a file you may write');
  }
}

/** Reads saved plans. Whatever is wrong with the file, is one UsageError that names it. */
export function loadPlans(file: string): PlanSet {
  const hint = 'podctl gc orphans --plan-out FILE makes a new one';
  const value = readDocument(file, 'plan', hint, MAX_BYTES);
  const fault = planSetShape.fault(value, 'plan');
  if (fault !== null) throw new UsageError(`${file}: ${fault}`, hint);
  return value as PlanSet;
}

/** Why the plans are not to be used any more; null when they may be. */
export function refusalOfPlans(set: PlanSet): string | null {
  return staleness(set, { time: Date.now(), bootId: bootId() });
}

function nodeOf({ facts: { host } }: Proposal['judged']): string {
  return host?.status === 'complete' ? host.value.hostname : '';
}
