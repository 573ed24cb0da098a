import { shellLine } from '../../check/shell-line.ts';
import type { StepResult } from '../../model/plan.ts';
import { planOf } from '../../remedy/gc/candidates.ts';
import type { Item } from '../../remedy/gc/decide.ts';
import { holdingsOf, type Limit } from '../../remedy/gc/holdings.ts';
import type { Share } from '../../remedy/gc/share.ts';
import { type Places, printAction } from '../../remedy/print.ts';
import { columns } from '../../report/columns.ts';
import { shortIds, wrapLines } from '../../report/cut.ts';
import { escapeText } from '../../report/escape.ts';
import { displayWidth } from '../../report/width.ts';
import type { Stepped } from './carry-out.ts';
import type { Cured, Proposal } from './cure.ts';
import { commandsOf } from './data.ts';
import { residentOf } from './memory.ts';

const GAP = 2;
const WHY_LINES = 4;
const WHY_MIN = 30;
const HEAD = ['KIND', 'OBJECT', 'RISK', 'HOLDS', 'WHY'];

/** One table of what goes, why it is known to be nobody's, what it holds, and against which limit that counts. */
export async function proposalText(proposal: Proposal, places: Places, width: number): Promise<string> {
  const going = proposal.items.filter((item) => item.state === 'going');
  const rows = going.map((item) => rowOf(item, proposal).map((cell) => shortIds(escapeText(cell))));
  const before = [0, 1, 2, 3].reduce(
    (sum, i) => sum + GAP + Math.max(...[HEAD, ...rows].map((row) => displayWidth(row[i] ?? ''))),
    0,
  );
  const room = Math.max(WHY_MIN, width - before);
  const fitted = rows.map((row) => [...row.slice(0, 4), wrapLines(row[4] ?? '', room, WHY_LINES).join('\n')]);
  const commands = proposal.plans.flatMap((plan) => commandsOf(plan, places).map((line) => `  ${line}`));
  return textOf([
    ...(await columns([HEAD, ...fitted], GAP)),
    ...section('', proposal.limits.map(limitLine)),
    ...section('by hand that would be', commands.map(escapeText)),
    ...section('', proposal.tooMany.map(shareLine)),
  ]);
}

/** What does not go, and why; empty when all of it does. */
export function restText({ items, mismatches, last }: Cured): string {
  const lines = items
    .filter(({ state }) => ['refused', 'set-aside', 'changed', 'left', 'not-reached'].includes(state))
    .flatMap(({ candidate: { finding }, state, reason, refusal }) => [
      `${WORDS[state] ?? state}  ${finding.message}: ${reason}`,
      ...(refusal && refusal.surer !== '' ? [`         ${refusal.surer}`] : []),
    ]);
  const other = mismatches.map(
    ({ plan, step, reason }) =>
      `refused  ${plan.remedy} of ${plan.subject?.name ?? plan.subject?.id ?? ''}${step ? `, step ${step.id}` : ''}: ${reason}`,
  );
  const blind = last.unseen.map(
    ({ check, reason }) => `unseen   ${check === '' ? '' : `${check}: `}${reason}`,
  );
  return textOf([...lines, ...other, ...blind].map((line) => shortIds(escapeText(line))));
}

/** One step as it ended, with what an operator would have typed for it. */
export function stepText({ step, result }: Pick<Stepped, 'step' | 'result'>, places: Places): string {
  const label = STATUS[result.status].padEnd(8);
  const [first = step.action.kind, ...more] = printAction(step.action, places).map(shellLine);
  const why = result.reason === '' ? [] : [`         ${result.reason}`];
  return textOf([`${label} ${first}`, ...more.map((line) => `         ${line}`), ...why].map(escapeText));
}

/** The last line: how it ended. */
export function endText(cured: Cured): string {
  const count = (state: Item['state']) => cured.items.filter((item) => item.state === state).length;
  const left = cured.items.length - count('gone');
  const known = [
    count('gone') > 0 ? `${objects(count('gone'))} cured` : '',
    count('not-reached') > 0 ? `${count('not-reached')} not reached` : '',
    left - count('not-reached') > 0 ? `${left - count('not-reached')} left` : '',
    cured.run === '' ? '' : `run ${cured.run}`,
  ];
  return textOf([known.filter((part) => part !== '').join('; ')]);
}

export function objects(count: number): string {
  return `${count} object${count === 1 ? '' : 's'}`;
}

const WORDS: Partial<Record<Item['state'], string>> = {
  refused: 'refused',
  'set-aside': 'left   ',
  changed: 'left   ',
  left: 'left   ',
  'not-reached': 'not yet',
};

const STATUS: Record<StepResult['status'], string> = {
  done: 'done',
  'nothing-to-do': 'was so',
  refused: 'refused',
  failed: 'failed',
  'not-reached': 'not yet',
};

function rowOf({ candidate }: Item, { judged }: Proposal): string[] {
  const { subject, message } = candidate.finding;
  const plan = planOf(candidate);
  const holds = plan ? holdingsOf(plan, judged) : null;
  const memory = holds?.processes.reduce((sum, pid) => sum + residentOf(pid), 0) ?? 0;
  const held = [
    ...(holds?.addresses ?? []),
    holds && holds.mounts > 0 ? `${holds.mounts} mount${holds.mounts === 1 ? '' : 's'}` : '',
    memory > 0 ? `${Math.ceil(memory / 1024)} kB` : '',
  ].filter((part) => part !== '');
  return [subject.kind, subject.name ?? subject.id, plan?.risk ?? '', held.join(', ') || '-', message];
}

function limitLine({ network, used, of, leaked }: Limit): string {
  const total = of === null ? `${used} addresses` : `${used} of ${of} addresses`;
  return escapeText(`${network}: ${total} in use, ${leaked} of them leaked`);
}

function shareLine({ what, going, of }: Share): string {
  return `${going} of ${of} ${what} would go: a renamed label or a list that was half read looks exactly so`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...(title === '' ? [] : [title]), ...lines];
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? '\n' : `${line}\n`)).join('');
}
