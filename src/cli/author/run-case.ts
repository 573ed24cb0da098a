import { evaluateJq } from '../../check/jq.ts';
import { withOptions } from '../../check/policy.ts';
import { FACT_NAMES, factShapes } from '../../model/fact-shapes.ts';
import { absent, complete } from '../../model/outcome.ts';
import type { ReportedCheck } from '../../model/report.ts';
import { isObject, type Shape } from '../../model/shape.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Ruling } from '../config/ruling.ts';
import { judgeSnapshot } from '../judge.ts';
import { exampleNode } from './example.ts';
import type { TestCase } from './test-file.ts';

const DEADLINE_MS = 5000;
const UNCHANGED = '.';
const NOT_THERE = 'this case takes it away';

/** How a case came out. `wrong`: in what it differs from what was expected; [] where it does not. */
export interface CaseResult {
  ms: number;
  wrong: string[];
}

/** Judges the example node, changed as a case says, by the checks of one file. */
export async function runCase(one: TestCase, { checks, policy }: Ruling): Promise<CaseResult> {
  const changed = await change(exampleNode(), one.change ?? UNCHANGED);
  if ('fault' in changed) return { ms: 0, wrong: [changed.fault] };
  const { options } = one;
  const asked = options === undefined ? checks : checks.map((check) => withOptions(check, options));
  const judged = await judgeSnapshot({ checks: asked, policy }, changed.snapshot);
  return { ms: judged.reduce((sum, { ms }) => sum + ms, 0), wrong: differences(one, judged) };
}

/** A fact that the expression leaves out is absent; one that is none that podctl would collect is a fault. */
async function change(
  snapshot: Snapshot,
  expression: string,
): Promise<{ snapshot: Snapshot } | { fault: string }> {
  const values = Object.fromEntries(
    Object.entries(snapshot.facts).map(([name, outcome]) => [
      name,
      'value' in outcome ? outcome.value : null,
    ]),
  );
  const answer = await evaluateJq(JSON.stringify(values), expression, DEADLINE_MS);
  if ('error' in answer) return { fault: `change: ${answer.error}` };
  const [line = '', ...others] = answer.lines;
  const facts: unknown = others.length > 0 || line === '' ? null : JSON.parse(line);
  if (!isObject(facts))
    return { fault: 'change: it gives something else than one object, all facts by name' };
  const fault = faultOf(facts);
  if (fault !== null) return { fault };
  const outcomes = FACT_NAMES.filter((name) => name in snapshot.facts || name in facts).map((name) => {
    const gathered = name in facts ? complete(facts[name]) : absent(NOT_THERE);
    return [name, { ...gathered, ms: 0 }];
  });
  return { snapshot: { ...snapshot, facts: Object.fromEntries(outcomes) as Snapshot['facts'] } };
}

function faultOf(facts: Record<string, unknown>): string | null {
  for (const [name, value] of Object.entries(facts)) {
    const known = FACT_NAMES.find((one) => one === name);
    if (known === undefined) return `change: there is no fact ${name}`;
    const fault = (factShapes[known] as Shape<unknown>).fault(value, name);
    if (fault !== null) return `change: ${fault}: podctl facts --schema ${name}`;
  }
  return null;
}

function differences({ finds, verdict }: TestCase, judged: readonly ReportedCheck[]): string[] {
  const messages = judged.flatMap(({ findings }) => findings.map(({ message }) => message));
  const lacking = finds === undefined ? [] : without(finds, messages);
  const unwanted = finds === undefined ? [] : without(messages, finds);
  const others = judged.filter((one) => verdict !== undefined && one.verdict !== verdict);
  // Why nothing was found is in the verdict.
  const silent = lacking.length > 0 ? judged.filter((one) => one.reason !== '') : [];
  return [
    ...lacking.map((message) => `not found: ${message}`),
    ...unwanted.map((message) => `found: ${message}`),
    ...others.map((one) => `${one.id} is ${verdictText(one)}, not ${verdict}`),
    ...silent.filter((one) => !others.includes(one)).map((one) => `${one.id} is ${verdictText(one)}`),
  ];
}

function verdictText({ verdict, reason }: ReportedCheck): string {
  return reason === '' ? verdict : `${verdict} (${reason})`;
}

/** Members of the first that the second lacks, each as often as it does. */
function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
