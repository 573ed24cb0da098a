import type { NodePicture } from '../../model/picture.ts';
import type { Report } from '../../model/report.ts';
import { groupFindings } from '../groups.ts';
import { type Markup, markup, markupText, verbatim } from '../markup.ts';
import { type Columns, drawPicture } from '../picture/picture.ts';
import { type Anchors, anchorsOf, groupArticle, type Meta } from './findings.ts';
import { pageHead, pageTitle } from './head.ts';
import { accepted, cured, factRows, gone, passed, unjudged } from './others.ts';
import { SIGNS } from './parts.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** With fewer groups than this nobody needs a filter. */
const FILTERED = 4;

export interface Page {
  report: Report;
  metas: readonly Meta[];
  picture: NodePicture;
  /** SHA-256 of a text in base64: only what has the hash of our own style and script may run. */
  hash: (text: string) => string;
}

/** A report in one file that loads nothing: for a browser, a phone, a printer, with or without scripts. */
export function renderHtml({ report, metas, picture, hash }: Page): string {
  const groups = groupFindings(report);
  const anchors = anchorsOf(groups);
  const byId = new Map(metas.map((meta) => [meta.id, meta]));
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${hash(STYLE)}'; script-src 'sha256-${hash(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  const articles = groups.map((group, i) => groupArticle(group, i, anchors, byId));
  const total = groups.reduce((sum, { findings }) => sum + findings.length, 0);
  const found =
    total === 0
      ? markup`<p class="dim">Nothing was found.</p>`
      : markup`${total > FILTERED ? FILTER : []}${articles}`;
  return markupText(markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${pageTitle(report)}</title>
<style>${verbatim(STYLE)}</style>
</head>
<body>
${SIGNS}
${pageHead(report, groups)}
<main>
${cured(report)}
<details class="drawing" open><summary><h2>The node</h2></summary>${drawings(picture, anchors)}</details>
<section aria-labelledby="findings"><h2 id="findings">Findings <small>${total}</small></h2>
${found}
</section>
<section aria-labelledby="rest"><h2 id="rest">The rest</h2>
${accepted(report)}${gone(report)}${unjudged(report, anchors)}${passed(report)}${factRows(report)}
</section>
</main>
<footer><p>Written by podctl ${report.podctl}. For programs there is the same as JSON: <code>podctl doctor -o json</code></p></footer>
<script>${verbatim(SCRIPT)}</script>
</body>
</html>
`);
}

const FILTER = markup`<div class="filter" hidden><label for="filter">Only with</label><input id="filter" type="search" autocomplete="off"><output for="filter"></output></div>`;

/** Of three widths the one that fits is shown. */
function drawings(picture: NodePicture, { fingerprints }: Anchors): Markup[] {
  const link = (fingerprint: string) => {
    const id = fingerprints.get(fingerprint);
    return id === undefined ? '' : `#${id}`;
  };
  return ([3, 2, 1] as const).map((columns: Columns) =>
    drawPicture(picture, { columns, prefix: `picture${columns}`, is: `c${columns}`, link, style: [] }),
  );
}
