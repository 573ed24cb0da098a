import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { factSummaries } from '../../src/cli/facts/summaries.ts';
import { factSchema, snapshotSchema } from '../../src/model/fact-schema.ts';
import { FACT_NAMES, factShapes } from '../../src/model/fact-shapes.ts';
import type { Shape } from '../../src/model/shape.ts';
import { snapshotFault } from '../../src/model/snapshot-shape.ts';
import { root } from '../support/cli.ts';
import { healthyNode } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';

const SCENARIOS = path.join(root, 'test/scenarios');
const recorded = fs.readdirSync(SCENARIOS).filter((file) => file.endsWith('.snapshot.json'));
const read = (file: string): unknown => JSON.parse(fs.readFileSync(path.join(SCENARIOS, file), 'utf8'));

const summaries = factSummaries();
const compiled = (schema: object) => new Ajv2020({ strict: true }).compile(schema);
const ofSnapshot = compiled(snapshotSchema(summaries));

test('it is a schema of draft 2020-12, with every fact and what it is', () => {
  const schema = snapshotSchema(summaries);
  expect(new Ajv2020().validateSchema(schema)).toBe(true);
  expect(Object.keys(schema.$defs ?? {}).sort()).toEqual([...FACT_NAMES].sort());
  for (const name of FACT_NAMES) expect.soft(schema.$defs?.[name]?.description, name).toMatch(/^\S.{10}/);
});

test('every recorded node is let through', () => {
  const refused = recorded.filter((file) => !ofSnapshot(read(file)));
  expect(refused).toEqual([]);
  expect(recorded.length).toBeGreaterThan(100);
});

/** Another value in the place of each part of a value, one at a time; and each key left out. */
function* mutants(value: unknown): Generator<unknown> {
  yield* [null, true, 'x', '', -1, 1.5, 2 ** 60, [], {}, ['x'], { x: 1 }];
  if (Array.isArray(value)) {
    const at = value.length - 1;
    if (at >= 0) for (const one of mutants(value[at])) yield value.with(at, one);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      const { [key]: _, ...others } = value as Record<string, unknown>;
      yield others;
      for (const one of mutants(part)) yield { ...others, [key]: one };
    }
  }
}

/** Every mutant that one of the two lets through and the other does not. */
function disagreements(
  value: unknown,
  validate: ValidateFunction,
  fault: (mutant: unknown) => string | null,
): { tried: number; refused: number; odd: string[] } {
  let tried = 0;
  let refused = 0;
  const odd: string[] = [];
  for (const mutant of mutants(value)) {
    const lets = validate(mutant);
    tried += 1;
    if (!lets) refused += 1;
    if (lets !== (fault(mutant) === null)) odd.push(`${lets} ${JSON.stringify(mutant).slice(0, 200)}`);
  }
  return { tried, refused, odd };
}

test.each(FACT_NAMES)('of %s, schema and reader let the same through', (name) => {
  const validate = compiled(factSchema(name, summaries));
  const shape = factShapes[name] as Shape<unknown>;
  const values = [healthyNode()[name], ...recorded.slice(0, 3).map((file) => valueIn(read(file), name))];
  let all = 0;
  for (const value of values.filter((one) => one !== undefined)) {
    expect(shape.fault(value, name)).toBeNull();
    const { tried, refused, odd } = disagreements(value, validate, (mutant) => shape.fault(mutant, name));
    expect(odd).toEqual([]);
    expect(refused).toBeGreaterThan(0);
    all += tried;
  }
  expect(all).toBeGreaterThan(10);
});

function valueIn(snapshot: unknown, name: string): unknown {
  return (snapshot as { facts: Record<string, { value?: unknown }> }).facts[name]?.value;
}

test('of a whole snapshot too', () => {
  const { host, sandboxes } = healthyNode();
  const snapshot = snapshotOf({ host, sandboxes });
  const outcomes = {
    images: { status: 'absent', reason: 'none', ms: 1 },
    store: { status: 'failed', problem: { code: 'denied', message: 'm' }, ms: 1 },
    tasks: {
      status: 'partial',
      value: [],
      problems: [{ code: 'denied', message: 'm', subject: 's' }],
      ms: 1,
    },
  };
  const { tried, odd } = disagreements(
    { ...snapshot, facts: { ...snapshot.facts, ...outcomes } },
    ofSnapshot,
    snapshotFault,
  );
  expect(odd).toEqual([]);
  expect(tried).toBeGreaterThan(500);
});
