import type { Severity } from '../model/check.ts';
import type { Report } from '../model/report.ts';
import { shortIds } from './cut.ts';
import { escapeText } from './escape.ts';
import { headlineText } from './finding.ts';
import { type Group, groupFindings } from './groups.ts';
import { plainFinding } from './plain.ts';
import { countsLine } from './summary.ts';

const COMMANDS: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };
/** A step shows so many of each level. */
const SHOWN = 10;
const SUBJECTS = 5;

/**
 * Commands for the log of a GitHub workflow: an annotation for each root cause, then the report in a fold. `text`: the
 * report for people; `token`: a word that is not in it. Between two of them nothing that the text says is a command.
 */
export function renderGithub(report: Report, text: string, token: string): string {
  const roots = groupFindings(report).filter(({ cause }) => cause === null);
  const unknown = report.checks.filter((c) => c.verdict === 'unknown' && c.explainedBy.length === 0);
  const all = [
    ...roots.map((group) => annotation(group)),
    ...unknown.map(({ id, reason }) => ({
      level: 'warning',
      properties: { title: `podctl: ${id} could not judge` },
      message: reason,
    })),
    ...(report.complete ? [] : [CUT_SHORT]),
  ];
  const lines = Object.values(COMMANDS).flatMap((level) => {
    const some = all.filter((one) => one.level === level);
    const shown = some.length > SHOWN ? some.slice(0, SHOWN - 1) : some;
    return [...shown, ...(shown.length < some.length ? [others(level, some.length - shown.length)] : [])];
  });
  const counts = countsLine(report, true, Number.POSITIVE_INFINITY);
  return [
    ...lines.map(commandLine),
    `::group::podctl doctor: ${data(counts)}`,
    `::stop-commands::${token}`,
    text.trimEnd(),
    `::${token}::`,
    '::endgroup::',
    '',
  ].join('\n');
}

interface Annotation {
  level: string;
  properties: Record<string, string>;
  message: string;
}

const CUT_SHORT: Annotation = {
  level: 'warning',
  properties: { title: 'podctl: the run was cut short' },
  message: 'not all of the node was looked at',
};

function annotation(group: Group): Annotation {
  const { check, severity, findings } = group;
  const told = findings.slice(0, SUBJECTS).map((f) => plainFinding(f).map(escapeText).join('\n'));
  const more = findings.length > SUBJECTS ? [`... and ${findings.length - SUBJECTS} more`] : [];
  return {
    level: COMMANDS[severity],
    properties: { title: `podctl ${check}: ${shortIds(headlineText(group))}` },
    message: [...told, ...more].join('\n\n'),
  };
}

function others(level: string, count: number): Annotation {
  return {
    level,
    properties: { title: `podctl: ${count} more` },
    message: `${count} more are in the report below and in the summary of the job`,
  };
}

function commandLine({ level, properties, message }: Annotation): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${property(escapeText(value))}`);
  return `::${level} ${pairs.join(',')}::${data(message)}`;
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
