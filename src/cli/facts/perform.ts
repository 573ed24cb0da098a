import { FACT_NAMES } from '../../model/fact-shapes.ts';
import type { FactName } from '../../model/facts.ts';
import { holeOf, type Outcome } from '../../model/outcome.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { escapeText } from '../../report/escape.ts';
import { fitTable } from '../../report/fit-table.ts';
import { renderJson } from '../../report/json.ts';
import { painter } from '../../report/paint.ts';
import type { Args } from '../args.ts';
import { exampleNode } from '../author/example.ts';
import { wantsColour } from '../colour.ts';
import { kindOf } from '../kind-of.ts';
import { see } from '../look.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { countOf } from './count.ts';
import { type FactsRequest, factNamed, factsRequest } from './request.ts';
import { factSummaries } from './summaries.ts';

/** `podctl facts [NAME]`; gives the exit code. */
export async function factsCommand(args: Args, terminal: Terminal): Promise<number> {
  if (args.schema === true) {
    const { factSchema, snapshotSchema } = await import('../../model/fact-schema.ts');
    const name = factNamed(args);
    const summaries = factSummaries();
    terminal.out(renderJson(name === null ? snapshotSchema(summaries) : factSchema(name, summaries)));
    return 0;
  }
  const request = factsRequest(args, kindOf);
  const facts = new Set<FactName>(request.name === null ? FACT_NAMES : [request.name]);
  const { snapshot, interrupted } = request.example
    ? { snapshot: exampleNode(), interrupted: undefined }
    : await see({ facts, everything: true }, request, terminal);
  const code =
    request.name === null
      ? await tellAll(snapshot, request, terminal)
      : await tellOne(request.name, snapshot, request, terminal);
  return interrupted ?? code;
}

async function tellAll(snapshot: Snapshot, request: FactsRequest, terminal: Terminal): Promise<number> {
  const { facts, complete } = snapshot;
  if (request.jq !== null) await tellJq(valuesOf(facts), request.jq, terminal);
  else if (request.output === 'table') terminal.out(await table(facts, request, terminal));
  else await tellData(snapshot, request, terminal);
  const isHoled = FACT_NAMES.some((name) => facts[name] && holeOf(name, facts[name]) !== '');
  return complete && !isHoled ? 0 : 3;
}

async function tellOne(
  name: FactName,
  { facts }: Snapshot,
  request: FactsRequest,
  terminal: Terminal,
): Promise<number> {
  const outcome: Outcome<unknown> | undefined = facts[name];
  if (outcome === undefined) throw notLookedAt(name, request);
  if (request.jq === null) await tellData(outcome, request, terminal);
  else if ('value' in outcome) await tellJq(outcome.value, request.jq, terminal);
  const why = outcome.status === 'absent' ? outcome.reason : holeOf(name, outcome);
  if (why !== '') terminal.err(`not seen: ${name}: ${escapeText(why)}\n`);
  return outcome.status === 'absent' ? 1 : why === '' ? 0 : 3;
}

function notLookedAt(name: FactName, { fromSnapshot, example }: FactsRequest): UsageError {
  if (fromSnapshot !== null)
    return new UsageError(
      `${fromSnapshot} has no ${name}`,
      'podctl facts --from-snapshot FILE lists its facts',
    );
  if (example)
    return new UsageError(`the example node has no ${name}`, 'podctl facts --example lists its facts');
  const [why, hint] = ELSEWHERE[name] ?? ['nothing looks for it', 'podctl facts lists what is looked for'];
  return new UsageError(`there is no ${name} here: ${why}`, hint);
}

/** Facts that a plain look at a running node does not have: why, and how they are come by. */
const ELSEWHERE: { readonly [N in FactName]?: readonly [string, string] } = {
  canary: [
    'it is about sandboxes that podctl doctor --active makes',
    'podctl doctor --active --save-snapshot FILE, then podctl facts canary --from-snapshot FILE',
  ],
  ownConfig: [
    'the doctor makes it for checks of its configuration',
    'podctl config view says what holds, podctl checks which files checks come from',
  ],
  nodeImage: ['it is about an unpacked node image', 'podctl facts nodeImage --root DIR'],
};

/** What a check that needs all of them is given. */
function valuesOf(facts: Snapshot['facts']): Record<string, unknown> {
  const seen = Object.entries(facts).flatMap(([name, outcome]) =>
    'value' in outcome ? [[name, outcome.value]] : [],
  );
  return Object.fromEntries(seen);
}

async function tellJq(value: unknown, expression: string, terminal: Terminal): Promise<void> {
  const { applyJq } = await import('../jq.ts');
  terminal.out(await applyJq(JSON.stringify(value), expression));
}

async function tellData(value: unknown, { output }: FactsRequest, terminal: Terminal): Promise<void> {
  terminal.out(
    output === 'yaml' ? await (await import('../../report/yaml.ts')).renderYaml(value) : renderJson(value),
  );
}

async function table(
  facts: Snapshot['facts'],
  { colour }: FactsRequest,
  { columns, env, isTerminal }: Terminal,
): Promise<string> {
  const summaries = factSummaries();
  const rows = FACT_NAMES.flatMap((name) => {
    const outcome = facts[name];
    return outcome ? [{ name, outcome }] : [];
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = await fitTable(
    rows,
    [
      { head: 'FACT', cell: ({ name }) => name },
      { head: 'STATUS', cell: ({ outcome }) => outcome.status },
      { head: 'MS', cell: ({ outcome }) => String(outcome.ms) },
      { head: 'COUNT', cell: ({ name, outcome }) => countText(name, outcome) },
      { head: 'SUMMARY', cell: ({ name }) => summaries[name], cut: true },
    ],
    {
      width: isTerminal ? columns : Number.POSITIVE_INFINITY,
      wide: false,
      paint: painter(wantsColour(colour, env, isTerminal)),
    },
  );
  return `${lines.join('\n')}\n`;
}

function countText(name: FactName, outcome: Outcome<unknown>): string {
  const count = 'value' in outcome ? countOf(name, outcome.value) : null;
  return count === null ? '-' : String(count);
}
