import type { Plan } from '../../model/plan.ts';
import type { Report } from '../../model/report.ts';
import { keyOf, planOf } from '../../remedy/gc/candidates.ts';
import type { Item } from '../../remedy/gc/decide.ts';
import type { Limit } from '../../remedy/gc/holdings.ts';
import type { Mismatch } from '../../remedy/gc/plan-set.ts';
import type { Settled } from '../../remedy/gc/settled.ts';
import type { Share } from '../../remedy/gc/share.ts';
import type { Workshop } from '../../sandbox/workshop.ts';
import type { Stoppable } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import type { Stepped } from './carry-out.ts';
import type { Consent } from './consent.ts';
import { type Judged, judge } from './judge.ts';
import type { CureRequest } from './request.ts';
import { cureRound } from './round.ts';

/** What is to go, before anything does. */
export interface Proposal {
  /** The look that it was made from: the second, unless the first found nothing. */
  judged: Judged;
  items: Item[];
  /** Of the items that go, in order. */
  plans: Plan[];
  limits: Limit[];
  /** Kinds of which too much would go; then nothing does. */
  tooMany: Share[];
}

/** How a cure ended. */
export interface Cured extends Proposal {
  /** `no`: somebody was asked, and said so. Null: there was nothing to be asked about. */
  consent: Consent | 'no' | null;
  applied: Report['applied'];
  /** Names of the runs whose journals tell the story. */
  runs: string[];
  /** The last look; after anything was carried out, a fresh one. */
  last: Judged;
  /** 130 or 143 after a signal. */
  interrupted: number | undefined;
  /** Of a plan that was saved, what a fresh look does not give again. */
  mismatches: Mismatch[];
}

/** Who is told how it goes on. */
export interface Told {
  progress(text: string): void;
  /** Before the question, or in its place. */
  proposed(proposal: Proposal, consent: Consent): Promise<void>;
  stepped(step: Stepped): void;
}

/** What a cure works with. `shop`: null where there is no state folder; then nothing can be carried out. */
export interface Scene {
  request: CureRequest;
  shop: Workshop | null;
  terminal: Terminal;
  stop: Stoppable;
  told: Told;
  /** Chooses among what two looks found: for a plan that was saved. Null: all of it. */
  choose: ((settled: Settled) => Settled) | null;
}

/**
 * What goes may lay bare what it held: a cgroup is empty once its pause is gone; and what was not the same in two
 * looks may be by now. More than this is no end.
 */
const ROUNDS = 3;

/**
 * Looks twice, plans, asks, carries out, and looks again; what only came to light by that is a round of its own.
 * The caller holds the lock, unless it only shows.
 */
export async function cure(scene: Scene): Promise<Cured> {
  const { request, shop, terminal, stop, told } = scene;
  told.progress('looking at the node');
  let cured = await cureRound(scene, await judge(request, shop, terminal, stop), new Set());
  for (let round = 1; round < ROUNDS && goesOn(scene, cured); round += 1)
    cured = joined(cured, await cureRound(scene, cured.last, keysOf(cured)));
  return cured;
}

function goesOn({ choose, stop }: Scene, cured: Cured): boolean {
  const known = keysOf(cured);
  const isNew = cured.last.candidates.some((c) => planOf(c) !== null && !known.has(keyOf(c)));
  return isNew && cured.runs.length > 0 && choose === null && !stop.signal.aborted;
}

/** Of all that had its turn: what was changed between two looks gets another one. */
function keysOf({ items }: Cured): Set<string> {
  return new Set(items.filter(({ state }) => state !== 'changed').map(({ candidate }) => keyOf(candidate)));
}

function joined(before: Cured, after: Cured): Cured {
  const again = new Set(after.items.map(({ candidate }) => keyOf(candidate)));
  const shifted = after.applied.map((a) => ({ ...a, plan: a.plan + before.plans.length }));
  return {
    ...after,
    judged: before.judged,
    items: [...before.items.filter(({ candidate }) => !again.has(keyOf(candidate))), ...after.items],
    plans: [...before.plans, ...after.plans],
    limits: before.limits,
    consent: after.consent ?? before.consent,
    applied: [...before.applied, ...shifted],
    runs: [...before.runs, ...after.runs],
  };
}
