import { createHash } from 'node:crypto';
import type { Report } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { renderJson } from '../report/json.ts';
import { renderText, type TextOptions } from '../report/text.ts';
import { wantsColour } from './colour.ts';
import { lackingFacts } from './exit-code.ts';
import type { DoctorRequest } from './request.ts';
import type { Terminal } from './terminal.ts';

/** The log of a workflow is wider than a terminal, and no window. */
const LOG_COLUMNS = 120;

/** How a report may look, and whatever makes it look so; what not everybody asks for is loaded when asked for. */
const RENDERERS = {
  table: async (report, request, terminal) => renderText(report, textOptions('table', request, terminal)),
  wide: async (report, request, terminal) => renderText(report, textOptions('wide', request, terminal)),
  json: async (report) => renderJson(report),
  yaml: async (report) => (await import('../report/yaml.ts')).renderYaml(report),
  prometheus: async (report) => (await import('../report/prometheus.ts')).renderPrometheus(report),
  ndjson: async (report) => (await import('../report/findings.ts')).renderFindings(report),
  junit: async (report, { failOn }) => (await import('../report/junit.ts')).renderJunit(report, failOn),
  sarif: async (report, { checks }) =>
    (await import('../report/sarif.ts')).renderSarif(report, metasOf(checks), sha256),
  github: renderForGithub,
  markdown: async (report, { checks }) =>
    (await import('../report/markdown.ts')).renderMarkdown(report, metasOf(checks)),
  html: renderPage,
  nagios: async (report, { require }) =>
    (await import('../report/nagios.ts')).renderNagios(report, lackingFacts(report, require)),
  npd: async (report, { require }) =>
    (await import('../report/npd.ts')).renderNpd(report, lackingFacts(report, require)),
} satisfies Record<string, Renderer>;

type Renderer = (
  report: Report,
  request: DoctorRequest,
  terminal: Terminal,
  facts: Snapshot['facts'],
) => Promise<string>;

export type Format = keyof typeof RENDERERS;

export const FORMATS = Object.keys(RENDERERS) as Format[];

/** One result, rendered in one of many ways; of the facts that it was made from a picture can be drawn. */
export function render(
  report: Report,
  format: Format,
  request: DoctorRequest,
  terminal: Terminal,
  facts: Snapshot['facts'],
): Promise<string> {
  const renderer: Renderer = RENDERERS[format];
  return renderer(report, request, terminal, facts);
}

async function renderForGithub(report: Report): Promise<string> {
  const text = await renderText(report, { width: LOG_COLUMNS, colour: false, verbose: true });
  // Nobody can have put the hash of a text into it.
  return (await import('../report/github.ts')).renderGithub(report, text, sha256(text));
}

function metasOf(checks: DoctorRequest['checks']): DoctorRequest['checks'][number]['meta'][] {
  return checks.map(({ meta }) => meta);
}

function sha256(text: string, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash('sha256').update(text).digest(encoding);
}

/** Nothing in the page may run but what is podctl's own. */
async function renderPage(
  report: Report,
  { checks }: DoctorRequest,
  _: Terminal,
  facts: Snapshot['facts'],
): Promise<string> {
  const { renderHtml } = await import('../report/html/page.ts');
  const { nodePicture } = await import('../derive/picture/node.ts');
  const hash = (text: string) => sha256(text, 'base64');
  return renderHtml({ report, metas: metasOf(checks), picture: nodePicture(facts, report.checks), hash });
}

/** How texts for people look on stdout. */
export function textOptions(
  format: 'table' | 'wide',
  { colour, verbosity }: Pick<DoctorRequest, 'colour' | 'verbosity'>,
  terminal: Terminal,
): TextOptions {
  return {
    width: format === 'wide' ? Number.POSITIVE_INFINITY : terminal.columns,
    colour: wantsColour(colour, terminal.env, terminal.isTerminal),
    verbose: verbosity > 0,
  };
}
