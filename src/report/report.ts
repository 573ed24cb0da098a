import type { BaselineTold } from '../model/baseline.ts';
import type { Severity } from '../model/check.ts';
import type { FactName, Facts, NodeImageFact } from '../model/facts.ts';
import type { Outcome, Problem } from '../model/outcome.ts';
import type { Report, ReportedCheck, ReportedFact, ReportedFinding } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** The report of a run: what was seen and what the checks say about it. Keys never depend on the run. */
export function buildReport(
  podctl: string,
  snapshot: Snapshot,
  checks: readonly ReportedCheck[],
  baseline: BaselineTold | null = null,
): Report {
  const { facts, takenAt, durationMs, complete } = snapshot;
  const runtime = seen(facts.runtime);
  const image = seen(facts.host) === undefined ? seen(facts.nodeImage) : undefined;
  return {
    schema: 'podctl.report/v1',
    podctl,
    node: seen(facts.host)?.hostname ?? image?.name ?? '',
    takenAt,
    durationMs,
    complete,
    runtime: runtime ? `${runtime.name} ${runtime.version}` : imageText(image),
    sandboxes: seen(facts.sandboxes)?.length ?? null,
    containers: seen(facts.containers)?.length ?? null,
    facts: factList(facts),
    checks: image ? checks.map(withoutCommands) : [...checks],
    counts: count(checks),
    baseline,
    plans: [],
    applied: [],
  };
}

/** What one would type on a running node would act on the machine that looks at an image: its title says enough. */
function withoutCommands(check: ReportedCheck): ReportedCheck {
  const tell = <F extends ReportedFinding>(finding: F): F => ({
    ...finding,
    remedies: finding.remedies.map((remedy) => ({ ...remedy, commands: [] })),
  });
  return { ...check, findings: check.findings.map(tell), ignored: check.ignored.map(tell) };
}

/** `node image, containerd 1.7.24, kubelet 1.31.0` */
function imageText(image: NodeImageFact | undefined): string {
  if (image === undefined) return '';
  const programs = image.programs.map(({ name, version }) =>
    version === null ? name : `${name} ${version}`,
  );
  return ['node image', ...programs].join(', ');
}

/** What was seen of each fact, and why not. */
export function factList(facts: Snapshot['facts']): ReportedFact[] {
  return Object.entries(facts).map(([name, outcome]) => reportedFact(name as FactName, outcome));
}

function seen<T extends Facts[FactName]>(outcome: Outcome<T> | undefined): T | undefined {
  return outcome?.status === 'complete' || outcome?.status === 'partial' ? outcome.value : undefined;
}

function reportedFact(name: FactName, outcome: Outcome<unknown>): ReportedFact {
  const reason = outcome.status === 'absent' ? outcome.reason : '';
  return { name, status: outcome.status, ms: outcome.ms, problems: problemsOf(outcome), reason };
}

function problemsOf(outcome: Outcome<unknown>): Problem[] {
  if (outcome.status === 'failed') return [outcome.problem];
  return outcome.status === 'absent' ? [] : (outcome.problems ?? []);
}

function count(checks: readonly ReportedCheck[]): Report['counts'] {
  const findings = checks.flatMap((c) => c.findings);
  const severities = (s: Severity) => findings.filter((f) => f.severity === s).length;
  const verdicts = (v: ReportedCheck['verdict']) => checks.filter((c) => c.verdict === v).length;
  return {
    error: severities('error'),
    warning: severities('warning'),
    info: severities('info'),
    pass: verdicts('pass'),
    skipped: verdicts('skipped'),
    unknown: verdicts('unknown'),
    ignored: checks.flatMap((c) => c.ignored).length,
  };
}
