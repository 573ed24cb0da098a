import { DARK, LIGHT, MONO, PICTURE_STYLE, SANS } from '../picture/style.ts';

/** The whole look of a report: screen, dark, narrow, print. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; scroll-padding-top: 12px; }
body { margin: 0; background: var(--surface); color: var(--ink); font: 16px/1.5 ${SANS}; overflow-wrap: anywhere; }
main, body > header, body > footer { max-width: 1128px; margin: 0 auto; padding: 0 24px; }
a { color: var(--accent); text-underline-offset: 2px; }
a:focus-visible, summary:focus-visible, button:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre, .proof { font-family: ${MONO}; font-size: 13px; unicode-bidi: isolate; }
h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0; }
ul, ol { padding: 0; list-style: none; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { font-size: 20px; line-height: 1.3; margin: 44px 0 14px; }
h2 small { font-size: 15px; font-weight: 400; color: var(--dim); margin-left: 6px; }
h3 { font-size: 17px; line-height: 1.4; }
summary { cursor: pointer; }
.dim { color: var(--dim); }
.icon { width: 1.1em; height: 1.1em; flex: none; vertical-align: -0.18em; }
h1.long { font-size: 17px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.tool { padding-top: 28px; font-size: 13px; color: var(--dim); letter-spacing: 0.02em; }
.verdict { margin-top: 10px; font-size: 17px; display: flex; gap: 8px; align-items: baseline; }
.verdict .icon { position: relative; top: 2px; }
.verdict.error, .error > .severity, .chip.error, .headlines .error { color: var(--error); }
.verdict.warning, .warning > .severity, .chip.warning, .headlines .warning { color: var(--warning); }
.info > .severity { color: var(--info); }
.verdict.ok, .chip.ok { color: var(--ok); }
.notice { margin-top: 12px; padding: 8px 12px; border-left: 4px solid var(--warning); background: var(--warning-tint); }
.facts { margin-top: 18px; display: flex; flex-wrap: wrap; gap: 10px 34px; font-size: 14px; }
.facts dt { color: var(--dim); font-size: 12px; }
.headlines { margin-top: 20px; border-top: 1px solid var(--line); }
.headlines li { border-bottom: 1px solid var(--line); }
.headlines a { display: flex; gap: 10px; padding: 8px 2px; align-items: baseline; color: var(--ink); text-decoration: none; }
.headlines a:hover span { text-decoration: underline; }
.headlines li.effect a { padding-left: 26px; }

.drawing > summary { list-style: revert; margin: 44px 0 14px; }
.drawing > summary h2 { display: inline; }
.drawing > svg { display: none; max-width: 100%; height: auto; }
.drawing > svg.c3 { display: block; }
@media (max-width: 1000px) { .drawing > svg.c3 { display: none; } .drawing > svg.c2 { display: block; } }
@media (max-width: 700px) { .drawing > svg.c2 { display: none; } .drawing > svg.c1 { display: block; width: 100%; } }
.picture .ground { fill: var(--ground); }

.filter { display: flex; gap: 10px; align-items: center; margin: 0 0 14px; font-size: 14px; color: var(--dim); }
.filter[hidden] { display: none; }
.filter input { flex: 1; max-width: 380px; min-width: 0; font: inherit; color: var(--ink); background: var(--surface); border: 1px solid var(--dim); border-radius: 6px; padding: 6px 10px; }
.group { border: 1px solid var(--line); border-left-width: 4px; border-radius: 6px; padding: 16px 20px 18px; margin: 0 0 16px; background: var(--surface); }
.group.error { border-left-color: var(--error); }
.group.warning { border-left-color: var(--warning); }
.group.info { border-left-color: var(--info); }
.group.effect { margin-left: 28px; }
.severity { font-size: 13px; font-weight: 600; display: flex; gap: 6px; align-items: center; }
.group h3 { margin-top: 4px; }
.check { font-size: 14px; color: var(--dim); margin-top: 2px; }
.why { margin-top: 10px; max-width: 76ch; }
.finding { margin-top: 14px; }
details.finding { margin-top: 0; border-top: 1px solid var(--line); }
details.finding > summary { padding: 8px 0; }
details.finding > div { padding: 0 0 14px 18px; }
.list { margin-top: 14px; border-bottom: 1px solid var(--line); }
.label { font-size: 12px; color: var(--dim); margin: 12px 0 4px; }
.proof { margin-top: 12px; display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); border-top: 1px solid var(--line); }
.proof > div { display: contents; }
.more .proof { margin-top: 0; }
.proof dt, .proof dd { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); white-space: pre-wrap; }
.proof .whole { grid-column: 1 / -1; }
.more > summary { padding: 6px 0; font-size: 14px; color: var(--dim); }
.cure { margin-top: 12px; }
.cure p { font-size: 14px; display: flex; gap: 10px; align-items: baseline; flex-wrap: wrap; }
.chip { font-size: 12px; font-weight: 600; padding: 0 7px; border-radius: 9px; border: 1px solid currentColor; white-space: nowrap; }
.command { position: relative; margin-top: 6px; padding: 9px 12px; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
.command:has(button) { padding-right: 76px; }
.command button { position: absolute; top: 5px; right: 5px; font: 12px ${SANS}; color: var(--ink); background: var(--surface); border: 1px solid var(--line); border-radius: 5px; padding: 3px 9px; cursor: pointer; }
.references { margin-top: 12px; font-size: 13px; color: var(--dim); }
.references a { display: inline-block; margin-right: 12px; }

.fold { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 12px; }
.fold > summary { padding: 10px 16px; }
.fold > summary h2 { display: inline; font-size: 16px; margin: 0; }
.fold > div { padding: 0 16px 14px; }
.rows > li { padding: 7px 0; border-top: 1px solid var(--line); font-size: 14px; }
.rows code { color: var(--dim); }
.rows p { margin: 0; }
.steps { font-size: 14px; padding: 6px 0 0 20px; list-style: decimal; }
body > footer { margin-top: 44px; padding-bottom: 40px; font-size: 13px; color: var(--dim); }
body > footer p { border-top: 1px solid var(--line); padding-top: 14px; }

@media (max-width: 700px) {
  main, body > header, body > footer { padding: 0 14px; }
  h1 { font-size: 24px; }
  .group { padding: 12px 14px 14px; }
  .group.effect { margin-left: 10px; }
  .proof { display: block; }
  .proof > div { display: block; border-bottom: 1px solid var(--line); padding: 5px 0; }
  .proof dt, .proof dd { border: 0; padding: 0; }
  .facts { gap: 8px 24px; }
}
@media print {
  :root { color-scheme: light; ${LIGHT} }
  body { font-size: 11pt; }
  main, body > header, body > footer { max-width: none; padding: 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .filter, .command button { display: none; }
  .command:has(button) { padding-right: 12px; }
  .drawing > svg.c3, .drawing > svg.c1 { display: none; }
  .drawing > svg.c2 { display: block; }
  h2, h3, .severity, .check { break-after: avoid; }
  .command, .proof > div, .headlines li { break-inside: avoid; }
  a { color: inherit; }
}
${PICTURE_STYLE}`;
