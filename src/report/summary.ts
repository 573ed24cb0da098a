import type { Report, ReportedCheck } from '../model/report.ts';
import { cutEnd } from './cut.ts';
import { escapeText } from './escape.ts';

/** With less room than this a reason takes another line. */
const MIN_REASON = 20;
/** One as short as this takes it rather than lose its end. */
const SHORT_REASON = 40;

/** `worker-1   containerd 2.1.9   100 sandboxes, 200 containers   74 ms` */
export function headerLine(report: Report): string {
  const objects = [plural(report.sandboxes, 'sandbox', 'sandboxes'), plural(report.containers, 'container')];
  return [
    escapeText(report.node).slice(0, 253) || 'unnamed node',
    escapeText(report.runtime) || runtimeInstead(report),
    objects.filter((o) => o !== '').join(', '),
    milliseconds(report.durationMs),
  ]
    .filter((part) => part !== '')
    .join('   ');
}

/**
 * `2 faults (1 error, 1 warning); 29 checks pass; 2 not judged: kubelet is not running (-v)`
 * The reason is cut so that the line fits.
 */
export function countsLine(report: Report, verbose: boolean, width: number): string {
  const { error, warning, info, pass } = report.counts;
  const severities = [plural(error || null, 'error'), plural(warning || null, 'warning')].filter(Boolean);
  const faults = error + warning;
  const line = [
    report.complete ? '' : 'the run was cut short',
    faults > 0 ? `${plural(faults, 'fault')} (${severities.join(', ')})` : '',
    pass === 1 ? '1 check passes' : `${pass} checks pass`,
    info > 0 ? `${info} for information${verbose ? '' : ' (-v)'}` : '',
    acceptedText(report, verbose),
  ]
    .filter((part) => part !== '')
    .join('; ');
  return line + notJudged(report, verbose, width - line.length);
}

/** `74 ms`, `1.2 s` */
export function milliseconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** `2 ignored; 3 known from baseline.json, 1 of them is gone (-v)` */
function acceptedText({ checks, baseline }: Report, verbose: boolean): string {
  const accepted = checks.flatMap(({ ignored }) => ignored);
  const known = accepted.filter(({ ignored }) => ignored.by === 'baseline').length;
  const gone = baseline?.gone.length ?? 0;
  const others = accepted.length - known;
  const from = baseline === null ? '' : ` from ${escapeText(baseline.file)}`;
  const many = `${known === 0 ? 'all' : gone} of them ${gone > 1 ? 'are' : 'is'} gone`;
  const isGone = gone === 0 ? '' : gone === 1 && known === 0 ? ', and it is gone' : `, ${many}`;
  const parts = [
    others > 0 ? `${others} ignored` : '',
    known + gone > 0 ? `${known + gone} known${from}${isGone}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${parts.join('; ')}${verbose ? '' : ' (-v)'}`;
}

function runtimeInstead(report: Report): string {
  const status = report.facts.find((f) => f.name === 'runtime')?.status;
  if (status === 'absent') return 'no container runtime';
  return status === 'failed' ? 'runtime does not answer' : '';
}

function notJudged(report: Report, verbose: boolean, room: number): string {
  const unjudged = report.checks.filter((c) => c.verdict === 'unknown' || c.verdict === 'skipped');
  const explained = unjudged.filter((c) => c.explainedBy.length > 0);
  const others = unjudged.filter((c) => c.explainedBy.length === 0);
  const because =
    explained.length > 0 ? `; ${explained.length} not judged, because ${causeOf(explained, report)}` : '';
  if (others.length === 0) return because === '' || verbose ? because : `${because} (-v)`;
  const count = `; ${others.length} ${because === '' ? 'not judged' : 'more'}`;
  return because + count + (verbose ? '' : reasonFor(others, room - because.length - count.length));
}

/** What most of them are owed to, in the words of its check. */
function causeOf(explained: readonly ReportedCheck[], report: Report): string {
  const counts = new Map<string, number>();
  for (const { explainedBy } of explained) {
    const id = explainedBy[0]?.check ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const [[first = ''] = [], ...others] = [...counts].sort(([, a], [, b]) => b - a);
  const title = report.checks.find((c) => c.id === first)?.failureTitle ?? first;
  const more = others.length > 0 ? `, and ${plural(others.length, 'other reason')}` : '';
  return escapeText(title.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase())) + more;
}

function reasonFor(unjudged: readonly ReportedCheck[], room: number): string {
  // What we could not see matters more than what is not there.
  const unknown = unjudged.filter((c) => c.verdict === 'unknown');
  const reasons = new Set([...unknown, ...unjudged].map((c) => c.reason));
  const [first = ''] = reasons;
  const end = `${reasons.size > 1 ? `, and ${plural(reasons.size - 1, 'other reason')}` : ''} (-v)`;
  const left = room - ': '.length - end.length;
  const reason = fitting(escapeText(first), left);
  return `: ${left < MIN_REASON || reason.length <= SHORT_REASON ? reason : cutEnd(reason, left)}${end}`;
}

/** A reason that is too long is told by its first clause, which says what; the rest says how we know. */
function fitting(reason: string, room: number): string {
  return reason.length <= room ? reason : (reason.split(': ')[0] ?? reason);
}

function plural(count: number | null, one: string, many = `${one}s`): string {
  if (count === null) return '';
  return `${count} ${count === 1 ? one : many}`;
}
