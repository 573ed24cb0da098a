import type { CheckMeta, Finding, Judgement, Subject } from '../../model/check.ts';
import { type ForeignFinding, SAID } from '../../model/foreign-check.ts';
import { foreignFinding } from '../../model/foreign-shapes.ts';
import type { Problem } from '../../model/outcome.ts';
import { isObject, list } from '../../model/shape.ts';
import { problem } from '../../model/shapes-common.ts';

const MOST = 1000;
const NODE: Subject = { kind: 'node', id: 'node' };

/**
 * What a check of others gave, as the engine takes it: a list of findings, in which a text is a sentence about the
 * node, or an object with `findings`, `problems` and `skipped`. Throws an Error that names what cannot be taken.
 */
export function judgementOf(answer: unknown, meta: CheckMeta): Judgement {
  if (Array.isArray(answer)) return { findings: findingsOf(answer, meta), problems: [] };
  if (!isObject(answer)) throw new Error(`it gave ${kindOf(answer)}, not a list of findings`);
  refuseOthers(answer, ['findings', 'problems', 'skipped'], 'the answer');
  const { findings = [], problems = [], skipped } = answer;
  if (!Array.isArray(findings)) throw new Error('findings is not a list');
  const fault = list(problem).fault(problems, 'problems');
  if (fault !== null) throw new Error(fault);
  if (skipped !== undefined && typeof skipped !== 'string') throw new Error('skipped is not a string');
  return {
    findings: findingsOf(findings, meta),
    problems: problems as Problem[],
    ...(skipped === undefined ? {} : { skipped }),
  };
}

export function findingsOf(given: readonly unknown[], meta: CheckMeta): Finding[] {
  if (given.length > MOST) throw new Error(`it gave more than ${MOST} findings`);
  return given.map((one, i) => findingOf(one, `findings[${i}]`, meta));
}

function findingOf(given: unknown, path: string, meta: CheckMeta): Finding {
  if (typeof given === 'string') return said(given, { subject: NODE, data: {}, evidence: [] });
  if (!isObject(given)) throw new Error(`${path} is ${kindOf(given)}, not a finding`);
  refuseOthers(given, FIELDS, path);
  const fault = foreignFinding.fault(given, path);
  if (fault !== null) throw new Error(fault);
  const { messageId, message, subject = NODE, data = {}, evidence = [], ...more } = given as ForeignFinding;
  const rest = { subject, data, evidence, ...more };
  if (message !== undefined && messageId !== undefined)
    throw new Error(`${path} has both a message and a messageId`);
  return message === undefined
    ? { messageId: messageOf(messageId, path, meta), ...rest }
    : said(message, rest);
}

const FIELDS = ['messageId', 'message', 'severity', 'subject', 'data', 'evidence', 'advice'];

function said(message: string, rest: Omit<Finding, 'messageId'>): Finding {
  return { messageId: SAID, ...rest, data: { ...rest.data, message } };
}

/** A check that has one message alone need not name it. */
function messageOf(named: string | undefined, path: string, { messages }: CheckMeta): string {
  const known = Object.keys(messages).filter((id) => id !== SAID);
  const [first] = known;
  if (named === undefined && known.length === 1 && first !== undefined) return first;
  if (named === undefined) throw new Error(`${path} has neither a message nor a messageId`);
  if (known.includes(named)) return named;
  const hint = known.length === 0 ? 'meta.messages has none' : `meta.messages has ${known.join(', ')}`;
  throw new Error(`${path}.messageId is ${JSON.stringify(named.slice(0, 100))}: ${hint}`);
}

function refuseOthers(given: Record<string, unknown>, known: readonly string[], path: string): void {
  const odd = Object.keys(given).find((key) => !known.includes(key));
  if (odd === undefined) return;
  throw new Error(
    `${path} has the key ${JSON.stringify(odd.slice(0, 100))}; it may have ${known.join(', ')}`,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
