import type { Plan } from '../../model/plan.ts';
import type { Report } from '../../model/report.ts';
import { type Candidate, keyOf, planOf } from '../../remedy/gc/candidates.ts';
import { decide, type Item } from '../../remedy/gc/decide.ts';
import { limitsOf } from '../../remedy/gc/holdings.ts';
import { inBoth, type Settled } from '../../remedy/gc/settled.ts';
import { sharesOf, suspicious } from '../../remedy/gc/share.ts';
import { carryOutAll } from './carry-out.ts';
import { consentFor, isYes, questionFor } from './consent.ts';
import type { Cured, Proposal, Scene } from './cure.ts';
import { type Judged, judge, runtimeSilence } from './judge.ts';

/** One round, after its first look. `known`: keys of what an earlier round has dealt with. */
export async function cureRound(scene: Scene, first: Judged, known: ReadonlySet<string>): Promise<Cured> {
  const { request, shop, terminal, stop, told } = scene;
  const proposal = await settle(scene, first, known);
  const ended = (more: Partial<Cured>): Cured => ({
    ...proposal,
    consent: null,
    applied: [],
    runs: [],
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
  if (consent === 'ask' && !(await agrees(scene, proposal.plans))) return ended({ consent: 'no' });
  if (!shop) throw new Error('there is no state folder to carry a plan out from');
  const going = proposal.items.filter((item) => item.state === 'going').map((item) => item.candidate);
  const { run, applied } = await carryOutAll(going, shop, stop.signal, told.stepped);
  told.progress('looking again');
  const last = await judge(request, shop, terminal, { ...stop, signal: new AbortController().signal });
  const items = proposal.items.map((item) => afterwards(item, proposal.plans, applied, last));
  return ended({ consent, runs: [run], applied, last, items, interrupted: stop.exitCode() });
}

async function settle(scene: Scene, first: Judged, known: ReadonlySet<string>): Promise<Proposal> {
  const { request, shop, terminal, stop, told } = scene;
  const choose = scene.choose ?? ((settled: Settled) => settled);
  const fresh = ({ candidates }: Judged) => candidates.filter((candidate) => !known.has(keyOf(candidate)));
  const isQuiet = fresh(first).every((candidate) => planOf(candidate) === null);
  const isBlind = request.kinds !== null && runtimeSilence(first.facts) !== null;
  if (isQuiet || isBlind) return propose(scene, first, choose({ same: fresh(first), changed: [] }));
  told.progress(`waiting ${request.settleMs / 1000} s for a second look`);
  await pause(request.settleMs, stop.signal);
  const second = await judge(request, shop, terminal, stop);
  return propose(scene, second, choose(inBoth(fresh(first), fresh(second))));
}

function propose({ request }: Scene, judged: Judged, settled: Settled): Proposal {
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

async function agrees({ terminal, stop }: Scene, plans: readonly Plan[]): Promise<boolean> {
  const question = questionFor(plans.map((plan) => plan.risk));
  return isYes(question, await terminal.ask(question.text, stop.signal));
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
  const isBlind = candidate.kind !== null && runtimeSilence(last.facts) !== null;
  if (!check || check.verdict === 'unknown' || isBlind) return true;
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
