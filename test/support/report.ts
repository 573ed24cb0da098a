import type { Report, ReportedCheck, ReportedFinding } from '../../src/model/report.ts';

/** A finding about one sandbox, with what a test says instead. */
export function aFinding(over: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    messageId: 'missing',
    message: 'something is missing',
    severity: 'error',
    subject: { kind: 'sandbox', id: 'a'.repeat(64), name: 'default/web' },
    data: {},
    evidence: [],
    remedies: [],
    explainedBy: [],
    fingerprint: 'sandbox/sample missing sandbox default/web',
    ...over,
  };
}

/** A check; `found` when it has findings, else `pass`. */
export function aCheck(over: Partial<ReportedCheck> = {}): ReportedCheck {
  return {
    id: 'sandbox/sample',
    title: 'Nothing is missing',
    failureTitle: 'Things are missing',
    severity: 'error',
    verdict: (over.findings ?? []).length > 0 ? 'found' : 'pass',
    reason: '',
    problems: [],
    ms: 1,
    findings: [],
    ignored: [],
    explainedBy: [],
    ...over,
  };
}

/** A report of a node with containerd, counted from its checks. */
export function aReport(checks: ReportedCheck[] = [], over: Partial<Report> = {}): Report {
  const findings = checks.flatMap((c) => c.findings);
  const found = (s: string) => findings.filter((f) => f.severity === s).length;
  const verdict = (v: string) => checks.filter((c) => c.verdict === v).length;
  return {
    schema: 'podctl.report/v1',
    podctl: '0.1.0',
    node: 'worker-1',
    takenAt: '2026-01-02T03:04:05.678Z',
    durationMs: 74,
    complete: true,
    runtime: 'containerd 2.1.9',
    sandboxes: 100,
    containers: 200,
    facts: [],
    checks,
    counts: {
      error: found('error'),
      warning: found('warning'),
      info: found('info'),
      pass: verdict('pass'),
      skipped: verdict('skipped'),
      unknown: verdict('unknown'),
      ignored: checks.flatMap((c) => c.ignored).length,
    },
    baseline: null,
    plans: [],
    applied: [],
    ...over,
  };
}
