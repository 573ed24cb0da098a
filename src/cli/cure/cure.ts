import type { Plan } from '../../model/plan.ts';
import type { Report } from '../../model/report.ts';
import { type Candidate, keyOf, planOf } from '../../remedy/gc/candidates.ts';
import { decide, type Item } from '../../remedy/gc/decide.ts';
import { type Limit, limitsOf } from '../../remedy/gc/holdings.ts';
import type { Mismatch } from '../../remedy/gc/plan-set.ts';
import { inBoth, type Settled } from '../../remedy/gc/settled.ts';
import { type Share, sharesOf, suspicious } from '../../remedy/gc/share.ts';
import type { Workshop } from '../../sandbox/workshop.ts';
import type { Stoppable } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { carryOutAll, type Stepped } from './carry-out.ts';
import { type Consent, consentFor, isYes, questionFor } from './consent.ts';
import { type Judged, judge, runtimeSilence } from './judge.ts';
import type { CureRequest } from './request.ts';

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
  /** Null: there was nothing to be asked about. */
  consent: Consent | 'no' | null;
  applied: Report['applied'];
  /** Name of the run whose journal tells the story; '' where nothing was begun. */
  run: string;
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

/** Chooses among what a fresh look found: for a plan that was saved. */
export type Choose = (settled: Settled) => Settled;

/** Looks twice, plans, asks, carries out, and looks again. The caller holds the lock unless it only shows. */
export async function cure(
  request: CureRequest,
  shop: Workshop | null,
  terminal: Terminal,
  stop: Stoppable,
  told: Told,
  choose: Choose = (settled) => settled,
): Promise<Cured> {
  told.progress('looking at the node');
  const first = await judge(request, shop, terminal, stop);
  const proposal = await settle(request, shop, terminal, stop, told, choose, first);
  const ended = (more: Partial<Cured>): Cured => ({
    ...proposal,
    consent: null,
    applied: [],
    run: '',
    last: proposal.judged,
    interrupted: stop.exitCode(),
    mismatches: [],
    ...more,
  });
  if (proposal.plans.length === 0 || stop.signal.aborted) return ended({});
  const consent = consentFor({
    dryRun: request.dryRun || request.planOut !== null || proposal.tooMany.length > 0,
    yes: request.yes,
    canAsk: terminal.canAsk(),
  });
  await told.proposed(proposal, consent);
  if (consent === 'show' || consent === 'refuse') return ended({ consent });
  if (consent === 'ask' && !(await agrees(proposal.plans, terminal, stop))) return ended({ consent: 'no' });
  if (!shop) throw new Error('there is no state folder to carry a plan out from');
  const going = proposal.items.filter((item) => item.state === 'going').map((item) => item.candidate);
  const { run, applied } = await carryOutAll(going, shop, stop.signal, told.stepped);
  told.progress('looking again');
  const last = await judge(request, shop, terminal, { ...stop, signal: new AbortController().signal });
  const items = proposal.items.map((item) => afterwards(item, proposal.plans, applied, last));
  return ended({ consent, run, applied, last, items, interrupted: stop.exitCode() });
}

async function settle(
  request: CureRequest,
  shop: Workshop | null,
  terminal: Terminal,
  stop: Stoppable,
  told: Told,
  choose: Choose,
  first: Judged,
): Promise<Proposal> {
  const isQuiet = first.candidates.every((candidate) => planOf(candidate) === null);
  const isBlind = request.kinds !== null && runtimeSilence(first.facts) !== null;
  if (isQuiet || isBlind) return propose(request, first, choose({ same: first.candidates, changed: [] }));
  told.progress(`waiting ${request.settleMs / 1000} s for a second look`);
  await pause(request.settleMs, stop.signal);
  const second = await judge(request, shop, terminal, stop);
  return propose(request, second, choose(inBoth(first.candidates, second.candidates)));
}

function propose(request: CureRequest, judged: Judged, settled: Settled): Proposal {
  const silence = judged.snapshot.complete ? runtimeSilence(judged.facts) : 'the look was cut short';
  const items = decide(settled, { risk: request.risk, silence });
  const going = items.filter((item) => item.state === 'going').map((item) => item.candidate);
  return {
    judged,
    items,
    plans: going.flatMap((candidate) => planOf(candidate) ?? []),
    limits: limitsOf(going, judged),
    tooMany: suspicious(sharesOf(going, judged), request.maxPercent),
  };
}

async function agrees(plans: readonly Plan[], terminal: Terminal, stop: Stoppable): Promise<boolean> {
  const question = questionFor(plans.map((plan) => plan.risk));
  const answer = await terminal.ask(question.text, stop.signal);
  return isYes(question, answer);
}

/** What the last look says of an object whose cure was begun. */
function afterwards(item: Item, plans: readonly Plan[], applied: Report['applied'], last: Judged): Item {
  if (item.state !== 'going') return item;
  const plan = planOf(item.candidate);
  const steps = applied.find((a) => plan === plans[a.plan])?.steps ?? [];
  const bad = steps.find(({ status }) => status === 'failed' || status === 'refused');
  if (!isFound(item.candidate, last)) return { ...item, state: 'gone' };
  const reached = steps.some(({ status }) => status !== 'not-reached');
  if (!reached) return { ...item, state: 'not-reached', reason: 'podctl was stopped before it' };
  const reason = bad ? bad.reason : 'every step was carried out, and it is still there';
  return { ...item, state: 'left', reason };
}

/** What could not be looked at again is not known to be gone. */
function isFound(candidate: Candidate, last: Judged): boolean {
  const check = last.checks.find(({ id }) => id === candidate.check);
  if (!check || check.verdict === 'unknown') return true;
  const key = keyOf(candidate);
  return check.findings.some((finding) => keyOf({ check: check.id, finding }) === key);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
