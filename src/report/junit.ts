import type { IgnoredFinding, Report, ReportedCheck, ReportedFinding } from '../model/report.ts';
import { type FailOn, fails } from '../model/severity.ts';
import { plainFinding } from './plain.ts';
import { type Element, element, renderXml } from './xml.ts';

/** What one case may say: servers refuse huge texts. */
const MAX_TOLD = 100;

/**
 * JUnit's XML, as the servers that read it agree on: a case for each check, and one that says whether the whole node
 * was looked at. A finding at or above `failOn` is a failure, what could not be judged an error; names never change
 * with what was found, so that a server shows the history of each check.
 */
export function renderJunit(report: Report, failOn: FailOn): string {
  const cases = [wholeCase(report), ...report.checks.map((check) => checkCase(check, report, failOn))];
  const counts = {
    tests: cases.length,
    failures: countOf(cases, 'failure'),
    errors: countOf(cases, 'error'),
    skipped: countOf(cases, 'skipped'),
    time: seconds(report.durationMs),
  };
  const suite = element(
    'testsuite',
    {
      name: `podctl doctor ${report.node}`,
      ...counts,
      timestamp: report.takenAt.slice(0, 19),
      hostname: report.node || 'unnamed',
    },
    [element('properties', {}, properties(report)), ...cases],
  );
  // The schema by which Jenkins reads knows no such number of all suites.
  const { skipped: _, ...whole } = counts;
  return renderXml(element('testsuites', { name: 'podctl doctor', ...whole }, [suite]));
}

function properties({ podctl, runtime, takenAt, complete }: Report): Element[] {
  const values = { podctl, runtime, takenAt, complete: String(complete) };
  return Object.entries(values).map(([name, value]) => element('property', { name, value }));
}

function wholeCase({ node, complete, durationMs }: Report): Element {
  const attributes = {
    name: `the whole node was looked at (${node})`,
    classname: 'podctl',
    time: seconds(durationMs),
  };
  if (complete) return element('testcase', attributes);
  const message = 'the run was cut short by its deadline or a signal';
  return element('testcase', attributes, [element('error', { message, type: 'incomplete' }, [message])]);
}

function checkCase(check: ReportedCheck, { node }: Report, failOn: FailOn): Element {
  const [area = ''] = check.id.split('/');
  const attributes = {
    name: `${check.id} (${node})`,
    classname: `podctl.${area}`,
    time: seconds(check.ms),
  };
  return element('testcase', attributes, [...verdictOf(check, failOn), ...outputOf(check, failOn)]);
}

function verdictOf(check: ReportedCheck, failOn: FailOn): Element[] {
  const { verdict, reason, findings, ignored } = check;
  const failed = findings.filter((finding) => fails(finding.severity, failOn));
  const [first] = failed;
  if (first) {
    const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
    const attributes = { message: first.message + more, type: first.messageId };
    return [element('failure', attributes, [told(failed)])];
  }
  if (verdict === 'unknown')
    return [element('error', { message: `not judged: ${reason}`, type: 'unknown' }, [problemsOf(check)])];
  if (verdict === 'skipped') return [element('skipped', { message: reason })];
  if (findings.length === 0 && ignored.length > 0)
    return [element('skipped', { message: `all that was found is accepted: ${ignored.length}` })];
  return [];
}

/** What makes nobody fail, and what is accepted. */
function outputOf(check: ReportedCheck, failOn: FailOn): Element[] {
  const { findings, ignored, verdict } = check;
  const passed = findings.filter((finding) => !fails(finding.severity, failOn));
  const parts = [
    ...(passed.length > 0 ? [told(passed)] : []),
    ...(ignored.length > 0 ? [`accepted:\n${ignored.slice(0, MAX_TOLD).map(acceptedText).join('\n')}`] : []),
    ...(verdict === 'found' && check.problems.length > 0 ? [`not judged:\n${problemsOf(check)}`] : []),
  ];
  return parts.length === 0 ? [] : [element('system-out', {}, [parts.join('\n\n')])];
}

function acceptedText({ message, ignored: { by, reason, until } }: IgnoredFinding): string {
  const why = reason === '' ? `by the ${by}` : reason;
  return `  ${message} (${why}${until === '' ? '' : `, until ${until}`})`;
}

function told(findings: readonly ReportedFinding[]): string {
  const rest = findings.length - MAX_TOLD;
  const texts = findings.slice(0, MAX_TOLD).map((f) => `${f.severity}: ${plainFinding(f).join('\n')}`);
  return [...texts, ...(rest > 0 ? [`... and ${rest} more`] : [])].join('\n\n');
}

function problemsOf({ problems, reason }: ReportedCheck): string {
  const texts = problems.map(({ message }) => message);
  return (texts.length > 0 ? texts : [reason]).slice(0, MAX_TOLD).join('\n');
}

function countOf(cases: readonly Element[], name: string): number {
  return cases.filter(({ children }) => children.some((c) => typeof c !== 'string' && c.name === name))
    .length;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
