import { severityShape } from './baseline-shape.ts';
import type { Advice, Evidence, Subject, SubjectKind } from './check.ts';
import { FACT_NAMES } from './fact-shapes.ts';
import type { FactName } from './facts.ts';
import type { ForeignFinding } from './foreign-check.ts';
import { riskShape } from './plan-shape.ts';
import { amount, flag, isObject, list, oneOf, record, type Shape, text } from './shape.ts';

const KINDS: Record<SubjectKind, true> = {
  node: true,
  runtime: true,
  image: true,
  file: true,
  sandbox: true,
  container: true,
  process: true,
  netns: true,
  reservation: true,
  link: true,
  cgroup: true,
  shim: true,
  rule: true,
};

const value: Shape<string | number | boolean> = {
  fault: (given, path) =>
    [text, amount, flag].every((one) => one.fault(given, path) !== null)
      ? `${path} is not a string, a number, true or false`
      : null,
  schema: () => ({ anyOf: [text.schema(), amount.schema(), flag.schema()] }),
};

/** A list with something in it: a command has a program. */
const command: Shape<string[]> = {
  fault: (given, path) =>
    list(text).fault(given, path) ?? ((given as string[]).length === 0 ? `${path} is empty` : null),
  schema: list(text).schema,
};

const subject = record<Subject>(
  { kind: oneOf(...(Object.keys(KINDS) as SubjectKind[])), id: text, name: text },
  'name',
);

const data: Shape<Record<string, string | number | boolean>> = {
  fault(given, path) {
    if (!isObject(given)) return `${path} is not an object`;
    const faults = Object.entries(given).map(([key, one]) =>
      value.fault(one, `${path}.${key.slice(0, 100)}`),
    );
    return faults.find((fault) => fault !== null) ?? null;
  },
  schema: () => ({ type: 'object', additionalProperties: value.schema() }),
};

/** What a check of others may say of one fault. */
export const foreignFinding = record<ForeignFinding>(
  {
    messageId: text,
    message: text,
    severity: severityShape,
    subject,
    data,
    evidence: list(
      record<Evidence>({ fact: oneOf<FactName>(...FACT_NAMES), at: text, value: text }, 'value'),
    ),
    advice: list(record<Advice>({ title: text, risk: riskShape, commands: list(command) })),
  },
  'messageId',
  'message',
  'severity',
  'subject',
  'data',
  'evidence',
  'advice',
);
