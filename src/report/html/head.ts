import type { Report } from '../../model/report.ts';
import { shortIds } from '../cut.ts';
import { headlineText } from '../finding.ts';
import type { Group } from '../groups.ts';
import { type Markup, markup } from '../markup.ts';
import { countsLine, milliseconds } from '../summary.ts';
import { SEVERITY_WORDS } from './findings.ts';
import { type Sign, sign } from './parts.ts';

/** Headlines that stand above everything. */
const SHOWN = 8;
/** A longer name is shown smaller. */
const LONG = 48;

/** Whose report it is, what it says in a sentence, and the worst in a line each. */
export function pageHead(report: Report, groups: readonly Group[]): Markup {
  const { node, runtime, sandboxes, containers, takenAt, durationMs, podctl, complete } = report;
  const sign_ = signOf(report);
  const cut = complete
    ? []
    : markup`<p class="notice">The run was cut short: what is told here is not all there may be.</p>`;
  const facts: [string, string | null][] = [
    ['Runtime', runtime === '' ? 'none seen' : runtime],
    ['Sandboxes', sandboxes === null ? 'not known' : String(sandboxes)],
    ['Containers', containers === null ? 'not known' : String(containers)],
    ['Looked at', `${takenAt.replace('T', ' ').replace(/(\.\d+)?Z$/, '')} UTC`],
    ['Took', milliseconds(durationMs)],
    ['podctl', podctl],
  ];
  return markup`<header><p class="tool">podctl doctor</p><h1${node.length > LONG ? markup` class="long"` : []}>${node || 'unnamed node'}</h1><p class="verdict ${sign_}">${sign(sign_)}<span>${countsLine({ ...report, complete: true }, true, Number.POSITIVE_INFINITY)}</span></p>${cut}<dl class="facts">${facts.map(
    ([name, value]) => markup`<div><dt>${name}</dt><dd>${value ?? ''}</dd></div>`,
  )}</dl>${headlines(groups)}</header>`;
}

function signOf({ counts: { error, warning, unknown } }: Report): Sign {
  if (error > 0) return 'error';
  return warning > 0 || unknown > 0 ? 'warning' : 'ok';
}

function headlines(groups: readonly Group[]): Markup | [] {
  const faults = groups.flatMap((group, i) =>
    group.severity === 'info' ? [] : [{ group, at: `g${i + 1}` }],
  );
  if (faults.length === 0) return [];
  const items = faults
    .slice(0, SHOWN)
    .map(
      ({ group, group: { severity, cause }, at }) =>
        markup`<li${cause === null ? [] : markup` class="effect"`}><a href="#${at}"><b class="${severity}">${sign(severity)}<span class="hidden">${SEVERITY_WORDS[severity]}: </span></b><span>${shortIds(headlineText(group))}</span></a></li>`,
    );
  const more = faults.length - items.length;
  const rest = more > 0 ? markup`<li><a href="#findings"><span>and ${more} more</span></a></li>` : [];
  return markup`<ol class="headlines">${items}${rest}</ol>`;
}

export function pageTitle({ node, counts: { error, warning } }: Report): string {
  const words = [
    ...(error > 0 ? [plural(error, 'error')] : []),
    ...(warning > 0 ? [plural(warning, 'warning')] : []),
  ];
  return `${node || 'unnamed node'}: ${words.join(', ') || 'no faults'} (podctl doctor)`;
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
