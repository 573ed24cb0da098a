import { documentFault } from './document-shape.ts';
import { FACT_NAMES, factShapes } from './fact-shapes.ts';
import type { FactName } from './facts.ts';
import { amount, flag, isObject, list, record, type Shape, text } from './shape.ts';
import { problem, timeInUtc } from './shapes-common.ts';
import type { Snapshot } from './snapshot.ts';

type Envelope = Omit<Snapshot, 'facts' | 'schema'>;

/** A snapshot without its facts. */
export const envelope = record<Envelope>({
  podctl: text,
  takenAt: timeInUtc,
  durationMs: amount,
  complete: flag,
  settings: record<Snapshot['settings']>({ minAgeMs: amount }),
});

/** Why a parsed file cannot be used as a snapshot, naming the place in it; null when it can. */
export function snapshotFault(value: unknown): string | null {
  return documentFault(value, 'snapshot') ?? envelope.fault(value, 'snapshot') ?? factsFault(value);
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
