import { shellLine } from '../../check/shell-line.ts';
import type { Step, StepResult } from '../../model/plan.ts';
import { isFileEdit } from '../../remedy/config-edit/change.ts';
import { previewConfig } from '../../remedy/config-edit/preview.ts';
import { planOf } from '../../remedy/gc/candidates.ts';
import type { Item } from '../../remedy/gc/decide.ts';
import { holdingsOf, type Limit } from '../../remedy/gc/holdings.ts';
import type { Share } from '../../remedy/gc/share.ts';
import { type Places, printAction } from '../../remedy/print.ts';
import { columns } from '../../report/columns.ts';
import { cutMiddle, shortIds, wrapLines } from '../../report/cut.ts';
import { escapeText } from '../../report/escape.ts';
import type { Stepped } from './carry-out.ts';
import type { Cured, Proposal } from './cure.ts';
import { commandsOf } from './data.ts';
import { residentOf } from './memory.ts';

const GAP = 2;
const OBJECT_COLUMNS = 60;
const WHY_LINES = 3;
const INDENT = '    ';
const HEAD = ['KIND', 'OBJECT', 'RISK', 'HOLDS'];

/**
 * One table of what goes, why it is known to be nobody's, what it holds, and against which limit that counts.
 * `byHand`: with what an operator would type for it, where that is not told step by step.
 */
export async function proposalText(
  proposal: Proposal,
  places: Places,
  { width, byHand }: { width: number; byHand: boolean },
): Promise<string> {
  const going = proposal.items.filter((item) => item.state === 'going');
  const [head = '', ...rows] = await columns([HEAD, ...going.map((item) => rowOf(item, proposal))], GAP);
  const table = going.flatMap((item, i) => [rows[i] ?? '', ...whyLines(item, width)]);
  const commands = proposal.plans.flatMap((plan) => commandsOf(plan, places).map((line) => `  ${line}`));
  const changes = await Promise.all(proposal.plans.flatMap(({ steps }) => steps.map(changeOf)));
  const notes = proposal.plans.flatMap((plan) => plan.notes.map((note) => `note: ${note}`));
  return textOf([
    head,
    ...table,
    ...section('', proposal.limits.map(limitLine)),
    ...(byHand ? section('by hand that would be', commands) : []),
    ...changes.flatMap((lines) => section('', lines)),
    ...section('', notes),
    ...section('', proposal.tooMany.map(shareLine)),
    '',
  ]);
}

/** What becomes of a configuration file, line by line; a plan itself does not hold its text. */
async function changeOf({ action }: Step): Promise<string[]> {
  if (!isFileEdit(action)) return [];
  try {
    return (await previewConfig(action))
      .trimEnd()
      .split('\n')
      .map((line) => escapeText(line.replaceAll('\t', '    ')));
  } catch (error) {
    return [`${action.path} cannot be shown: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** What does not go, and why; empty when all of it does. */
export function restText({ items, mismatches, last, applied }: Cured): string {
  const told = new Set(applied.flatMap(({ steps }) => steps.map((step) => step.reason)));
  const lines = items
    .filter(({ state }) => ['refused', 'set-aside', 'changed', 'left', 'not-reached'].includes(state))
    .flatMap(({ candidate: { finding }, state, reason, refusal }) => [
      `${WORDS[state] ?? state}  ${finding.message}${reason === '' || told.has(reason) ? '' : `: ${reason}`}`,
      ...(refusal && refusal.surer !== '' ? [`         ${refusal.surer}`] : []),
    ]);
  const other = mismatches.map(
    ({ plan, step, reason }) =>
      `refused  ${plan.remedy} of ${plan.subject?.name ?? plan.subject?.id ?? ''}${step ? `, step ${step.id}` : ''}: ${reason}`,
  );
  const open = last.uncured.map(({ finding }) => `left     ${finding.message}: podctl knows no cure for it`);
  const reasons = [...new Set(last.unseen.map(({ reason }) => reason))];
  const blind = reasons.flatMap((reason) => {
    const checks = last.unseen.flatMap((u) => (u.reason === reason && u.check !== '' ? [u.check] : []));
    return [
      `unseen   ${reason}`,
      ...(checks.length > 0 ? [`         not judged: ${checks.join(', ')}`] : []),
    ];
  });
  return textOf([...lines, ...other, ...open, ...ignoredLines(last), ...blind].map(shortIds));
}

/** One line for each rule: what it accepts stays where it is. */
function ignoredLines({ ignored }: Cured['last']): string[] {
  return [...new Set(ignored.map(({ rule }) => rule))].map((rule) => {
    const subjects = ignored.filter((one) => one.rule === rule).map(({ finding }) => finding.subject.id);
    return `${new Set(subjects).size} ignored by ${rule.file}:${rule.line}: ${rule.reason}`;
  });
}

/** One step as it ended, with what an operator would have typed for it. */
export function stepText({ step, result }: Pick<Stepped, 'step' | 'result'>, places: Places): string {
  const label = STATUS[result.status].padEnd(8);
  const [first = step.action.kind, ...more] = printAction(step.action, places).map(shellLine);
  const why = result.reason === '' ? [] : [`         ${result.reason}`];
  return textOf([`${label} ${first}`, ...more.map((line) => `         ${line}`), ...why]);
}

/** The last line: how it ended. */
export function endText(cured: Cured): string {
  const count = (state: Item['state']) => cured.items.filter((item) => item.state === state).length;
  const left = cured.items.length - count('gone');
  const known = [
    count('gone') > 0 ? `${objects(count('gone'))} cured` : '',
    count('not-reached') > 0 ? `${count('not-reached')} not reached` : '',
    left - count('not-reached') > 0 ? `${left - count('not-reached')} left` : '',
    `run ${cured.runs.join(', ')}`,
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
  const { subject } = candidate.finding;
  const plan = planOf(candidate);
  const holds = plan ? holdingsOf(plan, judged) : null;
  const memory = holds?.processes.reduce((sum, pid) => sum + residentOf(pid), 0) ?? 0;
  const held = [
    ...(holds?.addresses ?? []),
    holds && holds.mounts > 0 ? `${holds.mounts} mount${holds.mounts === 1 ? '' : 's'}` : '',
    memory > 0 ? `${Math.ceil(memory / 1024)} kB` : '',
  ].filter((part) => part !== '');
  const object = cutMiddle(shortIds(escapeText(subject.name ?? subject.id)), OBJECT_COLUMNS);
  return [subject.kind, object, plan?.risk ?? '', held.map(escapeText).join(', ') || '-'];
}

function whyLines({ candidate }: Item, width: number): string[] {
  const why = shortIds(escapeText(candidate.finding.message));
  return wrapLines(why, width - INDENT.length, WHY_LINES).map((line) => INDENT + line);
}

function limitLine({ network, used, of, leaked }: Limit): string {
  const total = of === null ? `${used} addresses` : `${used} of ${of} addresses`;
  return `${network}: ${total} in use, ${leaked} of them leaked`;
}

function shareLine({ what, going, of }: Share): string {
  return `${going} of ${of} ${what} would go: a renamed label or a list that was half read looks exactly so`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...(title === '' ? [] : [title]), ...lines];
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${escapeText(line)}\n`).join('');
}
