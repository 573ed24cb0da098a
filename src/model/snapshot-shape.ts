import { FACT_NAMES, factShapes } from './fact-shapes.ts';
import type { FactName } from './facts.ts';
import type { Problem } from './outcome.ts';
import { amount, flag, isObject, list, matching, oneOf, record, type Shape, text } from './shape.ts';
import type { Snapshot } from './snapshot.ts';

const SCHEMA = 'podctl.snapshot/v1';
const POISON = ['__proto__', 'constructor', 'prototype'];
const MAX_DEPTH = 32;

const problem = record<Problem>(
  {
    code: oneOf('timeout', 'denied', 'missing', 'malformed', 'truncated', 'unavailable', 'crashed'),
    message: text,
    subject: text,
  },
  'subject',
);

type Envelope = Omit<Snapshot, 'facts' | 'schema'>;

const envelope = record<Envelope>({
  podctl: text,
  takenAt: matching('an RFC 3339 time in UTC', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/),
  durationMs: amount,
  complete: flag,
  settings: record<Snapshot['settings']>({ minAgeMs: amount }),
});

/** Why a parsed file cannot be used as a snapshot, naming the place in it; null when it can. */
export function snapshotFault(value: unknown): string | null {
  return poisonFault(value) ?? schemaFault(value) ?? envelope.fault(value, 'snapshot') ?? factsFault(value);
}

function schemaFault(value: unknown): string | null {
  if (!isObject(value) || typeof value.schema !== 'string') return 'it is no snapshot: it has no schema';
  if (value.schema === SCHEMA) return null;
  const version = /^podctl\.snapshot\/v(\d{1,6})$/.exec(value.schema)?.[1];
  return version !== undefined && Number(version) > 1
    ? `was written by a later podctl (${value.schema}; this one reads ${SCHEMA})`
    : `it is no snapshot: its schema is ${JSON.stringify(value.schema.slice(0, 100))}, not ${SCHEMA}`;
}

/** Keys that reach into every object of the program, and nesting that no snapshot has. Without recursion. */
function poisonFault(value: unknown): string | null {
  const todo: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > MAX_DEPTH) return 'it is nested too deeply';
    for (const [key, child] of Object.entries(next.value)) {
      if (POISON.includes(key)) return `it has the key ${key}, which no snapshot has`;
      todo.push({ value: child, depth: next.depth + 1 });
    }
  }
  return null;
}

function factsFault(value: unknown): string | null {
  const facts = isObject(value) ? value.facts : undefined;
  if (!isObject(facts)) return 'facts is not an object';
  for (const name of Object.keys(facts)) {
    const known = FACT_NAMES.find((n) => n === name);
    if (known === undefined) return `facts.${name.slice(0, 100)} is no fact that this podctl knows`;
    const fault = outcomeFault(facts[name], known);
    if (fault !== null) return fault;
  }
  return null;
}

function outcomeFault(outcome: unknown, name: FactName): string | null {
  const path = `facts.${name}`;
  if (!isObject(outcome)) return `${path} is not an object`;
  const problems = list(problem);
  const value: Shape<unknown> = factShapes[name] as Shape<unknown>;
  const ms = amount.fault(outcome.ms, `${path}.ms`);
  if (ms !== null) return ms;
  switch (outcome.status) {
    case 'complete':
    case 'partial':
      return (
        value.fault(outcome.value, `${path}.value`) ??
        (outcome.problems === undefined && outcome.status === 'complete'
          ? null
          : problems.fault(outcome.problems, `${path}.problems`))
      );
    case 'absent':
      return text.fault(outcome.reason, `${path}.reason`);
    case 'failed':
      return problem.fault(outcome.problem, `${path}.problem`);
    default:
      return `${path}.status is not one of complete, partial, absent, failed`;
  }
}
