import type { Verdict } from '../model/check.ts';
import type { Report } from '../model/report.ts';
import { SEVERITIES } from '../model/severity.ts';

type Labels = Record<string, string>;

interface Family {
  name: string;
  help: string;
  samples: [Labels, number][];
}

const VERDICTS: readonly Verdict[] = ['pass', 'found', 'skipped', 'unknown'];
const STATUSES = ['complete', 'partial', 'absent', 'failed'] as const;

/**
 * The report for the textfile collector of node_exporter: gauges without times in the classic text format. Which
 * series there are follows from the checks that were asked for alone, so that none comes and goes with a fault.
 */
export function renderPrometheus(report: Report): string {
  return familiesOf(report)
    .flatMap(({ name, help, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...samples.map(([labels, value]) => `${name}${labelText(labels)} ${numberText(value)}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function familiesOf(report: Report): Family[] {
  const { checks, facts } = report;
  return [
    {
      name: 'podctl_findings',
      help: 'Findings of a check; of one that did not judge, see podctl_check_verdict.',
      samples: checks.flatMap(({ id, findings }) =>
        SEVERITIES.map((severity): [Labels, number] => [
          { check: id, severity },
          findings.filter((finding) => finding.severity === severity).length,
        ]),
      ),
    },
    {
      name: 'podctl_findings_ignored',
      help: 'Findings of a check that somebody accepted; they are in no other count.',
      samples: checks.map(({ id, ignored }) => [{ check: id }, ignored.length]),
    },
    {
      name: 'podctl_check_verdict',
      help: '1 for the verdict of a check, 0 for the others.',
      samples: checks.flatMap(({ id, verdict }) => oneOf({ check: id }, 'verdict', VERDICTS, verdict)),
    },
    {
      name: 'podctl_check_duration_seconds',
      help: 'How long a check took.',
      samples: checks.map(({ id, ms }) => [{ check: id }, ms / 1000]),
    },
    {
      name: 'podctl_fact_status',
      help: '1 for how much was seen of a fact, 0 for the others.',
      samples: facts.flatMap(({ name, status }) => oneOf({ fact: name }, 'status', STATUSES, status)),
    },
    single('podctl_sandboxes', 'Pod sandboxes on the node; NaN when not known.', report.sandboxes),
    single('podctl_containers', 'Containers on the node; NaN when not known.', report.containers),
    single('podctl_run_complete', '0 when the run was cut short.', Number(report.complete)),
    single('podctl_run_duration_seconds', 'How long it took to look.', report.durationMs / 1000),
    single(
      'podctl_doctor_last_run_timestamp_seconds',
      'When the node was looked at, in seconds since 1970.',
      Date.parse(report.takenAt) / 1000,
    ),
    {
      name: 'podctl_build_info',
      help: '1; the label says which podctl this is.',
      samples: [[{ version: report.podctl }, 1]],
    },
  ];
}

function oneOf<T extends string>(
  labels: Labels,
  label: string,
  words: readonly T[],
  is: T,
): [Labels, number][] {
  return words.map((word) => [{ ...labels, [label]: word }, Number(word === is)]);
}

function single(name: string, help: string, value: number | null): Family {
  return { name, help, samples: [[{}, value ?? Number.NaN]] };
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function numberText(value: number): string {
  return Number.isNaN(value) ? 'NaN' : String(value);
}
