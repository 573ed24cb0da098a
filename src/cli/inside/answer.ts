import type { FactName } from '../../model/facts.ts';
import { holeOf } from '../../model/outcome.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { escapeText } from '../../report/escape.ts';
import { renderJson } from '../../report/json.ts';
import { type Paint, painter } from '../../report/paint.ts';
import { factList } from '../../report/report.ts';
import { wantsColour } from '../colour.ts';
import { type Look, see } from '../look.ts';
import type { Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';
import type { InsideRequest } from './request.ts';

/** How a text may be laid out. */
export interface Layout {
  /** Columns of the terminal; infinite where nobody looks, or everything was asked for. */
  width: number;
  /** Columns for what is broken into lines anyway: 80 where nobody looks. */
  wrap: number;
  full: boolean;
  wide: boolean;
  paint: Paint;
}

/** 0: there is such a thing. 1: there is none. 3: not all could be seen that the answer needs. */
export type InsideExit = 0 | 1 | 3;

/** The node as it is, or as it was saved. */
export function seeInside(
  facts: readonly FactName[],
  request: InsideRequest,
  terminal: Terminal,
): Promise<Look> {
  // Namespaces of all types are for those who want everything.
  const everything = request.output !== 'table' || request.jq !== null;
  return see({ facts: new Set(['host', ...facts]), everything }, request, terminal);
}

/** Keys that every answer begins with. */
export function answerHead(schema: string, { facts, takenAt, complete }: Snapshot): Record<string, unknown> {
  const { host } = facts;
  return {
    schema,
    podctl: VERSION,
    node: host && 'value' in host ? host.value.hostname : '',
    takenAt,
    complete,
    facts: factList(facts),
  };
}

/** Prints an answer in the form that was asked for; `text` makes the one for people. */
export async function tell(
  data: unknown,
  text: (layout: Layout) => Promise<string> | string,
  request: InsideRequest,
  terminal: Terminal,
): Promise<void> {
  const { jq, output } = request;
  if (jq !== null) terminal.out(await (await import('../jq.ts')).applyJq(renderJson(data), jq));
  else if (output === 'json') terminal.out(renderJson(data));
  else if (output === 'yaml') terminal.out(await (await import('../../report/yaml.ts')).renderYaml(data));
  else terminal.out(await text(layoutOf(request, terminal)));
}

function layoutOf({ output, full, colour }: InsideRequest, terminal: Terminal): Layout {
  const wide = output === 'wide';
  return {
    width: terminal.isTerminal && !full && !wide ? terminal.columns : Number.POSITIVE_INFINITY,
    wrap: wide && !terminal.isTerminal ? Number.POSITIVE_INFINITY : terminal.columns,
    full,
    wide,
    paint: painter(wantsColour(colour, terminal.env, terminal.isTerminal)),
  };
}

/** Says which facts are missing that the answer hinges on. Gives whether any is. */
export function tellHoles(facts: Snapshot['facts'], needs: readonly FactName[], terminal: Terminal): boolean {
  const holes = needs.flatMap((name) => {
    const why = holeOf(name, facts[name]);
    return why === '' ? [] : [{ name, why }];
  });
  const told = new Set<string>();
  for (const { name, why } of holes) {
    if (!told.has(why)) terminal.err(`not seen: ${name}: ${escapeText(why)}\n`);
    told.add(why);
  }
  return holes.length > 0;
}
