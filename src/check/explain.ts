import type { CheckMeta, Explanation } from '../model/check.ts';
import type { Cause, ReportedCheck, ReportedFinding } from '../model/report.ts';

/** So many causes of one finding are told: beyond these, more of them tell nothing more. */
const MOST = 10;

interface Edge {
  from: ReportedCheck;
  to: ReportedCheck;
  same: string | undefined;
}

/** Something that can be explained: a finding, or a check that could not judge. */
type Shown = ReportedFinding | ReportedCheck;

/** The findings behind something, each with its check. */
type Direct = Map<Shown, { check: string; finding: ReportedFinding }[]>;

/**
 * Says of each finding, and of each check that could not judge, which findings explain it, as the checks declare.
 * Only findings at warning or above explain, and none explains what it follows from. No verdict changes.
 */
export function explain(checks: readonly ReportedCheck[], metas: readonly CheckMeta[]): ReportedCheck[] {
  const direct: Direct = new Map();
  for (const edge of edgesOf(checks, metas)) follow(edge, direct);
  const causes = (of: Shown) => causesOf(of, direct);
  return checks.map((check) => ({
    ...check,
    explainedBy: causes(check),
    findings: check.findings.map((finding) => ({ ...finding, explainedBy: causes(finding) })),
  }));
}

/** Who explains whom, among what was found. What would close a circle is left out. */
function edgesOf(checks: readonly ReportedCheck[], metas: readonly CheckMeta[]): Edge[] {
  const declared = new Map(metas.map((meta) => [meta.id, meta.explains ?? []]));
  const edges: Edge[] = [];
  for (const from of checks.filter((check) => explaining(check).length > 0)) {
    for (const explanation of declared.get(from.id) ?? []) {
      const others = checks.filter((to) => to !== from && canFollow(to) && covers(explanation, to.id));
      for (const to of others) if (!leads(edges, to, from)) edges.push({ from, to, same: explanation.same });
    }
  }
  return edges;
}

function explaining({ findings }: ReportedCheck): ReportedFinding[] {
  return findings.filter((finding) => finding.severity !== 'info');
}

function canFollow({ findings, verdict }: ReportedCheck): boolean {
  return findings.length > 0 || verdict === 'unknown';
}

function covers({ check }: Explanation, id: string): boolean {
  return check === '*' || check === id || (check.endsWith('/*') && id.startsWith(check.slice(0, -1)));
}

function leads(edges: readonly Edge[], from: ReportedCheck, to: ReportedCheck): boolean {
  return edges.some((edge) => edge.from === from && (edge.to === to || leads(edges, edge.to, to)));
}

function follow({ from, to, same }: Edge, direct: Direct): void {
  const byValue = new Map<unknown, ReportedFinding[]>();
  for (const finding of explaining(from)) {
    const value = same === undefined ? same : sharedValue(finding, same);
    const group = byValue.get(value) ?? [];
    group.push(finding);
    byValue.set(value, group);
  }
  if (same !== undefined) byValue.delete(undefined);
  const add = (of: Shown, values: readonly unknown[]) => {
    const found = [...new Set(values)].flatMap((value) => byValue.get(value) ?? []);
    const others = found.map((finding) => ({ check: from.id, finding }));
    if (others.length > 0) direct.set(of, [...(direct.get(of) ?? []), ...others]);
  };
  for (const finding of to.findings) add(finding, [same === undefined ? same : sharedValue(finding, same)]);
  if (to.verdict === 'unknown')
    add(to, same === undefined ? [same] : to.problems.map(({ message }) => message));
}

/** Nothing is the same as what is empty. */
function sharedValue({ data }: ReportedFinding, key: string): string | number | boolean | undefined {
  const value = Object.hasOwn(data, key) ? data[key] : undefined;
  return value === '' ? undefined : value;
}

function causesOf(of: Shown, direct: Direct): Cause[] {
  const found = direct.get(of) ?? [];
  return found
    .toSorted((a, b) => Number(direct.has(a.finding)) - Number(direct.has(b.finding)))
    .slice(0, MOST)
    .map(({ check, finding: { messageId, subject } }) => ({ check, messageId, subject }));
}
