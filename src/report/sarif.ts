import type { CheckMeta, Severity } from '../model/check.ts';
import type { IgnoredFinding, Report, ReportedCheck, ReportedFinding } from '../model/report.ts';
import { escapeText } from './escape.ts';
import { renderJson } from './json.ts';
import { plainFinding } from './plain.ts';
import { locationOf } from './sarif-location.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};
const MAX_TAGS = 20;

type Meta = Pick<CheckMeta, 'id' | 'why' | 'proof' | 'tags' | 'references'>;

/**
 * SARIF 2.1.0. Results are errors and warnings alone: whoever reads it takes every result for a fault. What could not
 * be judged is a notification of the run. `hash`: of a text, in hexadecimal digits.
 */
export function renderSarif(report: Report, metas: readonly Meta[], hash: (text: string) => string): string {
  const { podctl, node, takenAt, durationMs, complete, checks, counts } = report;
  const began = Date.parse(takenAt);
  const known = new Map(metas.map((meta) => [meta.id, meta]));
  const hasBaseline = report.baseline !== null;
  return renderJson({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'podctl',
            version: podctl,
            semanticVersion: podctl,
            rules: checks.map((check) => ruleOf(check, known.get(check.id))),
          },
        },
        automationDetails: { id: `podctl/${safe(node) || 'unnamed'}/` },
        invocations: [
          {
            executionSuccessful: complete,
            startTimeUtc: takenAt,
            endTimeUtc: new Date(began + durationMs).toISOString(),
            toolExecutionNotifications: notifications(report),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: checks.flatMap((check, ruleIndex) =>
          [...check.findings, ...check.ignored]
            .filter(({ severity }) => severity !== 'info')
            .map((finding) => resultOf(finding, { report, check, ruleIndex, hasBaseline, hash })),
        ),
        properties: { node: safe(node), runtime: safe(report.runtime), counts },
      },
    ],
  });
}

function ruleOf({ id, failureTitle, title, severity }: ReportedCheck, meta: Meta | undefined): object {
  const help = meta ? `${meta.why}\n\n${meta.proof}` : title;
  const [helpUri] = meta?.references.filter((text) => /^https:\/\//.test(text)) ?? [];
  return {
    id,
    shortDescription: { text: text(failureTitle) },
    fullDescription: { text: text(meta?.why ?? failureTitle) },
    help: { text: text(help) },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: (meta?.tags ?? []).slice(0, MAX_TAGS).map(safe) },
  };
}

interface Place {
  report: Report;
  check: ReportedCheck;
  ruleIndex: number;
  hasBaseline: boolean;
  hash: (text: string) => string;
}

function resultOf(finding: ReportedFinding | IgnoredFinding, place: Place): object {
  const { report, check, ruleIndex, hasBaseline, hash } = place;
  const accepted = 'ignored' in finding ? finding.ignored : null;
  const isKnown = accepted?.by === 'baseline';
  const key = `${report.node} ${finding.fingerprint}`;
  return {
    ruleId: check.id,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[finding.severity],
    message: { text: text(plainFinding(finding).join('\n')) },
    locations: [locationOf(report.node, finding)],
    // The first is the one that GitHub compares; a hash of a line of a file would be none of ours.
    partialFingerprints: { primaryLocationLineHash: `${hash(key).slice(0, 32)}:1`, 'podctl/v1': safe(key) },
    ...(hasBaseline ? { baselineState: isKnown ? 'unchanged' : 'new' } : {}),
    suppressions:
      accepted === null || isKnown
        ? []
        : [{ kind: 'external', status: 'accepted', justification: suppressedFor(accepted) }],
    properties: { messageId: finding.messageId, subject: finding.subject.kind },
  };
}

function suppressedFor({ reason, until }: IgnoredFinding['ignored']): string {
  return safe(until === '' ? reason : `${reason} (until ${until})`);
}

function notifications({ checks, complete }: Report): object[] {
  const unknown = checks.filter(({ verdict, problems }) => verdict === 'unknown' || problems.length > 0);
  return [
    ...(complete
      ? []
      : [{ level: 'error', message: { text: 'the run was cut short by its deadline or a signal' } }]),
    ...unknown.map(({ id, reason }) => ({
      level: 'warning',
      message: { text: text(`${id} could not judge: ${reason}`) },
      associatedRule: { id },
    })),
  ];
}

function safe(value: string): string {
  return escapeText(value);
}

/** A plain text: what looks like a link or a place for an argument in it is none. */
function text(value: string): string {
  return value
    .split('\n')
    .map(escapeText)
    .join('\n')
    .replace(/\[(?=[^\][]*\]\()/g, '\\[')
    .replace(/\{(\d+)\}/g, '{{$1}}');
}
