/** Colours that html and pictures share; every pair of text and ground has a contrast of 4.5 or more. */
export const LIGHT = `
  --ground: #f5f6f8; --surface: #fff; --ink: #1b2430; --dim: #525e6e; --line: #d3d9e1; --tint: #edf2f9;
  --accent: #1857b0; --error: #b3231b; --warning: #855000; --warning-tint: #fff3dd;
  --info: #1857b0; --ok: #1b7038;`;

export const DARK = `
  --ground: #11151b; --surface: #191f27; --ink: #e5e9ef; --dim: #9ca8b8; --line: #343e4b; --tint: #222b37;
  --accent: #84b4ff; --error: #ff8d83; --warning: #fbbf63; --warning-tint: #36290f;
  --info: #84b4ff; --ok: #74cf90;`;

export const MONO = 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';
export const SANS =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';

/** How the parts of a picture look, wherever it is. */
export const PICTURE_STYLE = `
.picture text { font: 12px ${MONO}; fill: var(--ink); }
.picture .words { font-family: ${SANS}; }
.picture .strong { font-weight: 600; }
.picture .title { font-size: 13px; font-weight: 600; }
.picture .big { font: 600 16px ${SANS}; }
.picture .dim { fill: var(--dim); }
.picture .error { fill: var(--error); }
.picture .warning { fill: var(--warning); }
.picture .info { fill: var(--info); }
.picture .ground { fill: var(--ground); }
.picture .box { fill: var(--surface); stroke: var(--line); }
.picture .bar { fill: var(--tint); stroke: var(--line); }
.picture .shared { fill: var(--tint); stroke: none; }
.picture .box.error, .picture .bar.error { stroke: var(--error); stroke-width: 1.5; }
.picture .box.warning, .picture .bar.warning { stroke: var(--warning); stroke-width: 1.5; }
.picture .box.error, .picture .box.warning, .picture .box.info { fill: var(--surface); }
.picture .bar.error, .picture .bar.warning, .picture .bar.info { fill: var(--tint); }
.picture .apart { fill: none; stroke: var(--error); stroke-dasharray: 4 3; }
.picture .lost { stroke-dasharray: 5 4; }
.picture .line { stroke: var(--dim); stroke-width: 1.5; fill: none; }
.picture .line.error { stroke: var(--error); stroke-dasharray: 4 3; fill: none; }
.picture .cross { stroke: var(--error); stroke-width: 1.8; fill: none; }
.picture .routed { stroke: var(--line); stroke-width: 1.5; stroke-dasharray: 2 4; fill: none; }
.picture .knob { fill: var(--dim); }
.picture .icon-error { fill: var(--error); }
.picture .icon-warning { fill: var(--warning); }
.picture .icon-info { fill: var(--info); }
.picture .glyph { fill: none; stroke: var(--surface); stroke-width: 1.6; stroke-linecap: round; }
.picture a:hover text, .picture a:focus text { text-decoration: underline; }
`;
