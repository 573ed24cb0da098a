import { FACT_NAMES, factShapes } from './fact-shapes.ts';
import type { FactName } from './facts.ts';
import { DIALECT, type JsonSchema } from './json-schema.ts';
import type { Outcome } from './outcome.ts';
import { amount, list, text } from './shape.ts';
import { problem } from './shapes-common.ts';
import type { Snapshot } from './snapshot.ts';
import { envelope } from './snapshot-shape.ts';

const SCHEMA: Snapshot['schema'] = 'podctl.snapshot/v1';

/** What each fact is, in a line. */
export type FactSummaries = Readonly<Record<FactName, string>>;

/** The value of one fact, as a check that needs it gets it. */
export function factSchema(name: FactName, summaries: FactSummaries): JsonSchema {
  return { $schema: DIALECT, $id: `urn:podctl:fact:${name}:v1`, ...described(name, summaries) };
}

/** A snapshot, with each fact under `$defs`. Keys that it does not name come with later versions. */
export function snapshotSchema(summaries: FactSummaries): JsonSchema {
  const { properties = {}, required = [] } = envelope.schema();
  const facts = FACT_NAMES.map((name) => [name, outcomeSchema(name)] as const);
  return {
    $schema: DIALECT,
    $id: 'urn:podctl:snapshot:v1',
    title: SCHEMA,
    description: 'What podctl saw of a node: each fact with its outcome. Later versions add keys and facts.',
    type: 'object',
    properties: {
      schema: { const: SCHEMA },
      ...properties,
      facts: { type: 'object', properties: Object.fromEntries(facts), additionalProperties: false },
    },
    required: ['schema', ...required, 'facts'],
    $defs: Object.fromEntries(FACT_NAMES.map((name) => [name, described(name, summaries)])),
  };
}

function described(name: FactName, summaries: FactSummaries): JsonSchema {
  return { title: name, description: summaries[name], ...factShapes[name].schema() };
}

function outcomeSchema(name: FactName): JsonSchema {
  const value: JsonSchema = { $ref: `#/$defs/${name}` };
  const problems = list(problem).schema();
  const reason = text.schema();
  return {
    anyOf: [
      outcome('complete', ['value'], { value, problems }),
      outcome('partial', ['value', 'problems'], { value, problems }),
      outcome('absent', ['reason'], { reason }),
      outcome('failed', ['problem'], { problem: problem.schema() }),
    ],
  };
}

function outcome(
  status: Outcome<unknown>['status'],
  required: readonly string[],
  properties: Record<string, JsonSchema>,
): JsonSchema {
  return {
    type: 'object',
    properties: { status: { const: status }, ...properties, ms: amount.schema() },
    required: ['status', ...required, 'ms'],
  };
}
