import type { Risk, Severity } from '../../model/check.ts';
import type { ReportedFinding } from '../../model/report.ts';
import type { Remedy } from '../finding.ts';
import { type Markup, markup } from '../markup.ts';

const RISKS: Record<Risk, string> = { safe: 'ok', disruptive: 'warning', destructive: 'error' };

/** Rows of a proof that are always shown. */
const PROOFS = 6;

export type Sign = Severity | 'ok';

/** A sign that differs in form as well as in colour. The word beside it says the same. */
export function sign(of: Sign): Markup {
  return markup`<svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><use href="#sign-${of}"/></svg>`;
}

/** The signs themselves, once a page. */
export const SIGNS = markup`<svg class="hidden" aria-hidden="true"><symbol id="sign-error" viewBox="0 0 16 16"><path fill="currentColor" fill-rule="evenodd" d="M8 .8a7.2 7.2 0 1 0 0 14.4A7.2 7.2 0 0 0 8 .8ZM5.9 4.8 8 6.9l2.1-2.1 1.1 1.1L9.1 8l2.1 2.1-1.1 1.1L8 9.1l-2.1 2.1-1.1-1.1L6.9 8 4.8 5.9Z"/></symbol><symbol id="sign-warning" viewBox="0 0 16 16"><path fill="currentColor" fill-rule="evenodd" d="M8 .9.5 14.6h15L8 .9ZM7.2 5.6h1.6v4.6H7.2V5.6Zm0 5.8h1.6V13H7.2v-1.6Z"/></symbol><symbol id="sign-info" viewBox="0 0 16 16"><path fill="currentColor" fill-rule="evenodd" d="M1 1h14v14H1V1Zm6.2 3v1.7h1.6V4H7.2Zm0 3v5h1.6V7H7.2Z"/></symbol><symbol id="sign-ok" viewBox="0 0 16 16"><path fill="none" stroke="currentColor" stroke-width="2.2" d="M1.8 8.6 6 12.8 14.2 3.6"/></symbol></svg>`;

/** Where to look, and what is there: much of it is folded. */
export function proof(evidence: ReportedFinding['evidence']): Markup | [] {
  if (evidence.length === 0) return [];
  const shown = evidence.length > PROOFS + 1 ? evidence.slice(0, PROOFS) : evidence;
  const rest = evidence.slice(shown.length);
  const more =
    rest.length === 0
      ? []
      : markup`<details class="more"><summary>${rest.length} more</summary>${proofList(rest)}</details>`;
  return markup`${proofList(shown)}${more}`;
}

function proofList(evidence: ReportedFinding['evidence']): Markup {
  const rows = evidence.map(({ at, value = '' }) =>
    value === ''
      ? markup`<div><dt class="whole">${at}</dt><dd hidden></dd></div>`
      : markup`<div><dt>${at}</dt><dd>${value}</dd></div>`,
  );
  return markup`<dl class="proof">${rows}</dl>`;
}

/** What to type, and how dangerous it is. */
export function cures(remedies: readonly Remedy[]): Markup[] {
  return remedies.map(
    ({ title, risk, commands }) =>
      markup`<div class="cure"><p>${title} <span class="chip ${RISKS[risk]}">${risk}</span></p>${
        commands.length === 0 ? [] : markup`<pre class="command">${lines(commands)}</pre>`
      }</div>`,
  );
}

function lines(commands: readonly string[]): Markup[] {
  return commands.map((command, i) => (i === 0 ? markup`${command}` : markup`\n${command}`));
}

/** What is there for whoever wants it. */
export function fold(id: string, title: string, count: number, body: Markup): Markup | [] {
  if (count === 0) return [];
  return markup`<details class="fold" id="${id}"><summary><h2>${title} <small>${count}</small></h2></summary><div>${body}</div></details>`;
}
