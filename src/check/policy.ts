import type { AnyCheck, CheckOptions, Finding, Judgement, Severity } from '../model/check.ts';
import type { IgnoreRule, OwnConfigFact } from '../model/own-config-facts.ts';
import type { ReportedCheck, ReportedFinding } from '../model/report.ts';
import { isWorse } from '../model/severity.ts';
import { accept } from './accept.ts';
import { globFits, globFitsId } from './glob.ts';

/** What the owner of a node wants to be told, beyond which checks run. */
export interface Policy {
  ignores: readonly IgnoreRule[];
  /** For checks about it; null where there is no configuration, and no check of others. */
  ownConfig: OwnConfigFact | null;
}

export const NO_POLICY: Policy = { ignores: [], ownConfig: null };

/** A check to which its options are given. */
export function withOptions(check: AnyCheck, options: CheckOptions): AnyCheck {
  return { ...check, run: (facts, settings) => check.run(facts, { ...settings, options }) };
}

/**
 * A check whose findings are as bad as somebody else says. What the check itself calls milder than its other findings
 * stays milder: raised to an error, a warning is one, and what is for information stays that.
 */
export function withSeverity(check: AnyCheck, severity: Severity): AnyCheck {
  const usual = check.meta.severity;
  const judged = (finding: Finding): Finding => {
    const own = finding.severity ?? usual;
    const isMilder = isWorse(usual, own);
    return { ...finding, severity: isMilder && isWorse(severity, own) ? own : severity };
  };
  const changed = (result: Finding[] | Judgement): Finding[] | Judgement =>
    Array.isArray(result) ? result.map(judged) : { ...result, findings: result.findings.map(judged) };
  return {
    ...check,
    meta: { ...check.meta, severity },
    run: async (facts, settings) => changed(await check.run(facts, settings)),
  };
}

/** Sets apart what the owner of the node accepts. `today`: YYYY-MM-DD. */
export function ignoring(
  checks: readonly ReportedCheck[],
  { ignores }: Policy,
  today: string,
): ReportedCheck[] {
  const rules = ignores.filter((rule) => !isExpired(rule, today));
  if (rules.length === 0) return [...checks];
  return accept(checks, ({ id }, finding) => {
    const rule = rules.find((one) => covers(one, id, finding));
    return rule ? { by: 'configuration', reason: rule.reason, until: rule.until } : null;
  });
}

/** The rules that accepted nothing, though their checks said what there is. */
export function unusedIgnores(
  checks: readonly ReportedCheck[],
  { ignores }: Policy,
  today: string,
): IgnoreRule[] {
  const judged = checks.filter(({ verdict }) => verdict === 'pass' || verdict === 'found');
  return ignores.filter(
    (rule) =>
      !isExpired(rule, today) &&
      judged.some(({ id }) => globFitsId(rule.check, id)) &&
      !judged.some(({ id, ignored }) => ignored.some((finding) => covers(rule, id, finding))),
  );
}

/** The rule that accepts a finding; undefined where none does. */
export function ignoreOf(
  { ignores }: Policy,
  today: string,
  check: string,
  finding: Pick<ReportedFinding, 'subject'>,
): IgnoreRule | undefined {
  return ignores.find((rule) => !isExpired(rule, today) && covers(rule, check, finding));
}

/** `today`: YYYY-MM-DD. The last day still counts. */
export function isExpired({ until }: Pick<IgnoreRule, 'until'>, today: string): boolean {
  return until !== '' && until < today;
}

function covers(rule: IgnoreRule, check: string, { subject }: Pick<ReportedFinding, 'subject'>): boolean {
  const fits = (text: string) => globFits(rule.subject, text);
  return (
    globFitsId(rule.check, check) && (fits(subject.id) || (subject.name !== undefined && fits(subject.name)))
  );
}
