import type { Report } from '../model/report.ts';
import { renderJson } from '../report/json.ts';
import { renderText, type TextOptions } from '../report/text.ts';
import { wantsColour } from './colour.ts';
import { lackingFacts } from './exit-code.ts';
import type { DoctorRequest } from './request.ts';
import type { Terminal } from './terminal.ts';

/** How a report may look, and whatever makes it look so; what not everybody asks for is loaded when asked for. */
const RENDERERS = {
  table: async (report, request, terminal) => renderText(report, textOptions('table', request, terminal)),
  wide: async (report, request, terminal) => renderText(report, textOptions('wide', request, terminal)),
  json: async (report) => renderJson(report),
  yaml: async (report) => (await import('../report/yaml.ts')).renderYaml(report),
  prometheus: async (report) => (await import('../report/prometheus.ts')).renderPrometheus(report),
  nagios: async (report, { require }) =>
    (await import('../report/nagios.ts')).renderNagios(report, lackingFacts(report, require)),
  npd: async (report, { require }) =>
    (await import('../report/npd.ts')).renderNpd(report, lackingFacts(report, require)),
} satisfies Record<string, Renderer>;

type Renderer = (report: Report, request: DoctorRequest, terminal: Terminal) => Promise<string>;

export type Format = keyof typeof RENDERERS;

export const FORMATS = Object.keys(RENDERERS) as Format[];

/** One result, rendered in one of many ways. */
export function render(
  report: Report,
  format: Format,
  request: DoctorRequest,
  terminal: Terminal,
): Promise<string> {
  const renderer: Renderer = RENDERERS[format];
  return renderer(report, request, terminal);
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
