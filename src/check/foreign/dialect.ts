import type { CheckMeta, Evidence, Finding, Judgement, Severity } from '../../model/check.ts';
import { findingsOf, judgementOf } from './answer.ts';

/** In which a program says with its exit code how things are. */
export type Dialect = 'nagios' | 'npd';

/** How a program ended, and what it wrote. */
export interface Told {
  exitCode: number;
  stdout: string;
  stderr: string;
}

type Status = 'well' | 'faulty' | 'unsure';

const NAGIOS: Readonly<Record<number, [Status, Severity?]>> = {
  0: ['well'],
  1: ['faulty', 'warning'],
  2: ['faulty', 'error'],
  3: ['unsure'],
};
const NPD: Readonly<Record<number, [Status, Severity?]>> = { 0: ['well'], 1: ['faulty'], 2: ['unsure'] };
const SHOWN = 500;
/** Bytes that a node-problem-detector reads of what a plugin says. */
const LONGEST = 4096;

/**
 * What a program of one dialect said. As text: nagios' is the first line, without what is behind `|`; npd's is all of
 * it. As findings: a list as JSON, or one a line. Throws an Error that says why it tells nothing.
 */
export function toldBy(
  dialect: Dialect,
  form: 'text' | 'findings',
  told: Told,
  meta: CheckMeta,
  evidence: Evidence,
): Judgement {
  const [status, severity] = (dialect === 'nagios' ? NAGIOS : NPD)[told.exitCode] ?? ['unsure'];
  const text = textOf(dialect, told);
  if (status === 'unsure') throw new Error(unsureText(dialect, told, text));
  if (form === 'findings') return listed(status, told, meta, severity);
  if (status === 'well') return { findings: [], problems: [] };
  const message = text === '' ? wordless(told, meta) : text;
  return judgementOf([{ message, evidence: [evidence], ...(severity && { severity }) }], meta);
}

function listed(
  status: Status,
  { stdout }: Told,
  meta: CheckMeta,
  severity: Severity | undefined,
): Judgement {
  const findings = findingsOf(parse(stdout), meta);
  if (status === 'well' && findings.length > 0)
    throw new Error('it ended with exit code 0, which says that all is well, and named findings');
  if (status === 'faulty' && findings.length === 0)
    throw new Error('it ended with an exit code that says that there is a fault, and named none');
  const judged = (finding: Finding): Finding => ({ ...(severity && { severity }), ...finding });
  return { findings: findings.map(judged), problems: [] };
}

function parse(stdout: string): unknown[] {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  try {
    if (stdout.trimStart().startsWith('[')) return JSON.parse(stdout);
    return lines.map((line): unknown => JSON.parse(line));
  } catch {
    throw new Error('what it wrote is neither a list of findings as JSON nor one a line');
  }
}

function textOf(dialect: Dialect, { stdout }: Told): string {
  const [first = ''] = stdout.trim().split('\n');
  const said = dialect === 'nagios' ? (first.split('|')[0] ?? '') : stdout;
  return said.trim().replace(/\s+/g, ' ').slice(0, LONGEST);
}

/** What stopped a program that stopped half way is on stderr. */
function wordless({ stderr }: Told, { failureTitle }: CheckMeta): string {
  const [words = ''] = stderr.trim().split('\n');
  return `${failureTitle} (${words === '' ? 'it said nothing more' : words.slice(0, SHOWN)})`;
}

function unsureText(dialect: Dialect, { exitCode, stderr }: Told, text: string): string {
  const [words = ''] = (text || stderr.trim()).split('\n');
  const means = dialect === 'nagios' && exitCode === 3 ? 'UNKNOWN' : `exit code ${exitCode}`;
  return `it ended with ${means}${words === '' ? ' and said nothing' : `: ${words.slice(0, SHOWN)}`}`;
}
