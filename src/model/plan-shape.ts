import type { JsonSchema } from './json-schema.ts';
import type { Plan, Step } from './plan.ts';
import { isObject, list, nullable, oneOf, record, type Shape, text, whole } from './shape.ts';

const kinded = <T>(): Shape<T> => ({
  fault: (value, path) =>
    isObject(value) && typeof value.kind === 'string' ? null : `${path} is not an object with a kind`,
  schema: () => withTexts('kind'),
});

const withTexts = (...names: string[]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
});

export const riskShape = oneOf('safe', 'disruptive', 'destructive');

const stepShape = record<Step>({
  id: text,
  action: kinded(),
  guards: list(kinded()),
  because: text,
  timeoutMs: whole,
  onFailure: oneOf('stop', 'go-on'),
});

/** A plan as it is saved. Actions and guards are not looked into. */
export const planShape = record<Plan>({
  schema: oneOf('podctl.plan/v1'),
  remedy: text,
  risk: riskShape,
  subject: nullable({
    fault: (value, path) =>
      isObject(value) && typeof value.kind === 'string' && typeof value.id === 'string'
        ? null
        : `${path} is not a subject`,
    schema: () => withTexts('kind', 'id'),
  }),
  basedOn: text,
  steps: list(stepShape),
  notes: list(text),
});
