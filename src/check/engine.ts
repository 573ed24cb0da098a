import type { AnyCheck, Finding, Judgement, Settings } from '../model/check.ts';
import type { FactName, Facts } from '../model/facts.ts';
import { fingerprint, unused } from '../model/fingerprint.ts';
import { type Outcome, type Problem, problem } from '../model/outcome.ts';
import type { ReportedCheck, ReportedFinding } from '../model/report.ts';
import { severityRank } from '../model/severity.ts';
import { explain } from './explain.ts';
import { fillMessage } from './message.ts';
import { shellLine } from './shell-line.ts';

type FactOutcomes = Partial<{ [N in FactName]: Outcome<Facts[N]> }>;

/** Runs checks over facts. Never throws: a check that does is `unknown`, and the run goes on. */
export async function runChecks(
  checks: readonly AnyCheck[],
  facts: FactOutcomes,
  settings: Settings,
): Promise<ReportedCheck[]> {
  const judged = await Promise.all(checks.map((check) => runCheck(check, facts, settings)));
  return explain(
    judged,
    checks.map((check) => check.meta),
  );
}

async function runCheck(check: AnyCheck, facts: FactOutcomes, settings: Settings): Promise<ReportedCheck> {
  const { id, title, failureTitle, severity } = check.meta;
  const base = {
    id,
    title,
    failureTitle,
    severity,
    reason: '',
    problems: [] as Problem[],
    ms: 0,
    findings: [],
    ignored: [],
    explainedBy: [],
  };
  const input: Record<string, unknown> = {};
  for (const name of check.meta.needs) {
    const outcome = facts[name];
    if (outcome?.status !== 'complete') return { ...base, ...missing(name, outcome) };
    input[name] = outcome.value;
  }
  for (const name of check.meta.wants ?? []) input[name] = facts[name] ?? notCollected(name);
  const begun = performance.now();
  try {
    const judged = judgement(await check.run(input, settings));
    if (judged.skipped !== undefined) return { ...base, verdict: 'skipped', reason: judged.skipped };
    const findings = identified(
      judged.findings
        .map((finding) => report(check, finding))
        .sort((a, b) => severityRank(a.severity) - severityRank(b.severity)),
    );
    const ms = Math.round((performance.now() - begun) * 10) / 10;
    const unseen = judged.problems.length > 0;
    const verdict = findings.length > 0 ? 'found' : unseen ? 'unknown' : 'pass';
    const reason = unseen ? (judged.problems[0]?.message ?? '') : '';
    return { ...base, verdict, reason, problems: judged.problems, ms, findings };
  } catch (error) {
    const message = `the check itself failed: ${error instanceof Error ? error.message : String(error)}`;
    return { ...base, verdict: 'unknown', reason: message, problems: [problem('crashed', message)] };
  }
}

function judgement(result: Finding[] | Judgement): Judgement {
  return Array.isArray(result) ? { findings: result, problems: [] } : result;
}

function notCollected(name: FactName): Outcome<never> {
  return { status: 'absent', reason: `${name} was not collected`, ms: 0 };
}

function missing(
  name: FactName,
  outcome: Outcome<unknown> | undefined,
): Pick<ReportedCheck, 'verdict' | 'reason' | 'problems'> {
  if (outcome === undefined) return { verdict: 'skipped', reason: `${name} was not collected`, problems: [] };
  if (outcome.status === 'absent') return { verdict: 'skipped', reason: outcome.reason, problems: [] };
  const problems = outcome.status === 'failed' ? [outcome.problem] : (outcome.problems ?? []);
  return { verdict: 'unknown', reason: problems[0]?.message ?? `${name} is incomplete`, problems };
}

/** Of those that are known by the same, all but the first, which is the worst, get a number. */
function identified(findings: readonly ReportedFinding[]): ReportedFinding[] {
  const taken = new Set<string>();
  return findings.map((finding) => ({ ...finding, fingerprint: unused(finding.fingerprint, taken) }));
}

function report({ meta }: AnyCheck, finding: Finding): ReportedFinding {
  const template = meta.messages[finding.messageId];
  if (template === undefined) throw new Error(`${meta.id} has no message ${finding.messageId}`);
  const { messageId, subject, data, evidence, advice } = finding;
  return {
    messageId,
    message: fillMessage(template, data),
    severity: finding.severity ?? meta.severity,
    subject,
    data,
    evidence,
    remedies: (advice ?? []).map(({ title, risk, commands }, n) => ({
      id: n === 0 ? messageId : `${messageId}-${n + 1}`,
      title,
      risk,
      commands: commands.map(shellLine),
    })),
    explainedBy: [],
    fingerprint: fingerprint(meta.id, finding, meta.identity),
  };
}
