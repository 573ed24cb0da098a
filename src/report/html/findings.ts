import type { CheckMeta, Severity } from '../../model/check.ts';
import type { ReportedFinding } from '../../model/report.ts';
import { shortIds } from '../cut.ts';
import { headlineText, holds, type Remedy, sharedRemedies } from '../finding.ts';
import type { Group } from '../groups.ts';
import { type Markup, markup } from '../markup.ts';
import { cures, proof, sign } from './parts.ts';

/** Findings of one message that are open from the start. */
const OPEN = 3;

export const SEVERITY_WORDS: Record<Severity, string> = {
  error: 'Error',
  warning: 'Warning',
  info: 'For information',
};

export type Meta = Pick<CheckMeta, 'id' | 'why' | 'references'>;

/** Where everything is told. */
export interface Anchors {
  /** Id of each finding's element. */
  findings: ReadonlyMap<ReportedFinding, string>;
  /** The same by its fingerprint. */
  fingerprints: ReadonlyMap<string, string>;
  /** Id of the first group of a check. */
  checks: ReadonlyMap<string, string>;
}

export function anchorsOf(groups: readonly Group[]): Anchors {
  const all = groups.flatMap(({ findings }) => findings);
  const first = groups.map(({ check }, i) => [check, `g${i + 1}`] as const).reverse();
  return {
    findings: new Map(all.map((finding, i) => [finding, `f${i + 1}`])),
    fingerprints: new Map(all.map(({ fingerprint }, i) => [fingerprint, `f${i + 1}`])),
    checks: new Map(first),
  };
}

/** What was found of one kind: why it matters, each with its proof, what to type. */
export function groupArticle(
  group: Group,
  index: number,
  anchors: Anchors,
  metas: ReadonlyMap<string, Meta>,
): Markup {
  const { check, cause, findings, severity } = group;
  const meta = metas.get(check);
  const shared = sharedRemedies(findings);
  const [only] = findings;
  const told =
    findings.length === 1 && only
      ? markup`<div class="finding" id="${anchors.findings.get(only) ?? ''}">${body(only, [])}</div>`
      : markup`<div class="list">${findings.map((one, i) => row(one, i < OPEN, shared, anchors))}</div>${shared.length > 0 ? markup`<p class="label">For all of them</p>${cures(shared)}` : []}`;
  return markup`
<article class="group ${severity}${cause === null ? '' : ' effect'}" id="g${index + 1}"><p class="severity">${sign(severity)}${SEVERITY_WORDS[severity]}</p><h3>${shortIds(headlineText(group))}</h3><p class="check"><code>${check}</code>${because(cause, anchors)}</p>${
    meta && cause === null ? markup`<p class="why">${meta.why}</p>` : []
  }${told}${meta ? references(meta.references) : []}</article>`;
}

function because(cause: string | null, anchors: Anchors): Markup | [] {
  if (cause === null) return [];
  const at = anchors.checks.get(cause);
  const name = markup`<code>${cause}</code>`;
  return markup`, because of ${at === undefined ? name : markup`<a href="#${at}">${name}</a>`}`;
}

function row(
  finding: ReportedFinding,
  open: boolean,
  shared: readonly Remedy[],
  { findings }: Anchors,
): Markup {
  const id = findings.get(finding) ?? '';
  const state = open ? markup` open` : [];
  return markup`
<details class="finding"${state}><summary>${shortIds(finding.message)}</summary><div id="${id}">${body(finding, shared)}</div></details>`;
}

function body({ evidence, remedies }: ReportedFinding, shared: readonly Remedy[]): Markup {
  const own = remedies.filter((remedy) => !holds(shared, remedy));
  return markup`${proof(evidence)}${cures(own)}`;
}

function references(urls: readonly string[]): Markup | [] {
  if (urls.length === 0) return [];
  const items = urls.map((url) =>
    /^https?:\/\//.test(url)
      ? markup`<a href="${url}" rel="noreferrer">${url.replace(/^https?:\/\/(www\.)?/, '')}</a> `
      : markup`${url} `,
  );
  return markup`<p class="references">Read more: ${items}</p>`;
}
