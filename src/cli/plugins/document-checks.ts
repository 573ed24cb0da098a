import path from 'node:path';
import { judgementOf } from '../../check/foreign/answer.ts';
import { evaluateJq } from '../../check/jq.ts';
import type { AnyCheck, CheckMeta, Judgement } from '../../model/check.ts';
import type { ForeignMeta } from '../../model/foreign-check.ts';
import { parseTree } from '../config/yaml-tree.ts';
import { parseDeadline } from '../duration.ts';
import { type ExecSpec, execCheck } from './exec-check.ts';
import { formFault } from './form-fault.ts';
import { documentForm } from './forms.ts';
import { metaFault, wholeMeta } from './meta.ts';
import { DEADLINE } from './module-checks.ts';
import { plainOf } from './said.ts';
import { Unusable } from './unusable.ts';

const EXEC_DEADLINE = '5s';
const EXEC_OUTPUT = 64 * 1024;

type Document = { meta: ForeignMeta; timeout?: string } & (
  | { kind: 'JqCheck'; jq: string }
  | ({ kind: 'ExecCheck'; command: string[]; dialect: ExecSpec['dialect'] } & Partial<
      Pick<ExecSpec, 'stdin' | 'stdout' | 'maxOutput'>
    >)
);

/**
 * The check of a `*.check.yaml`. `elsewhere`: why programs that look for themselves would look in the wrong place; ''
 * where they would not. Throws Unusable for the first fault, with its line.
 */
export async function documentCheck(file: string, text: string, elsewhere: string): Promise<AnyCheck> {
  const broken = (message: string, line = 1) => new Unusable('broken', `${file}:${line}: ${message}`);
  const tree = await parseTree(text);
  if ('faults' in tree) throw broken(tree.faults[0]?.message ?? 'it is not valid YAML', tree.faults[0]?.line);
  if (tree.said === null) throw broken('it is empty');
  const given = plainOf(tree.said) as Document;
  const fault = formFault(tree.said, documentForm(given?.kind ?? ''));
  if (fault) throw broken(fault.message, fault.line);
  const wrong = metaFault(given.meta);
  if (wrong !== null) throw broken(wrong, lineOfMeta(tree.said));
  const meta = wholeMeta(given.meta);
  if (given.kind === 'JqCheck') {
    const timeoutMs = parseDeadline('timeout', given.timeout ?? DEADLINE);
    return {
      meta,
      file,
      run: (facts, settings) => judgeJq(given.jq, meta, { ...facts, settings }, timeoutMs),
    };
  }
  const { command, dialect, stdin = 'none', stdout = 'text', maxOutput = EXEC_OUTPUT } = given;
  if (command.length === 0) throw broken('command is empty');
  const timeoutMs = parseDeadline('timeout', given.timeout ?? EXEC_DEADLINE);
  const folder = path.dirname(file);
  return execCheck(file, meta, { command, folder, dialect, stdin, stdout, maxOutput, timeoutMs, elsewhere });
}

async function judgeJq(
  jq: string,
  meta: CheckMeta,
  input: Record<string, unknown>,
  timeoutMs: number,
): Promise<Judgement> {
  const answer = await evaluateJq(JSON.stringify(input), jq, timeoutMs);
  if ('error' in answer) throw new Error(answer.error);
  return judgementOf(
    answer.lines.map((line): unknown => JSON.parse(line)),
    meta,
  );
}

function lineOfMeta(said: Parameters<typeof plainOf>[0]): number {
  const meta = said.is === 'map' ? said.entries.find(({ key }) => key === 'meta') : undefined;
  return meta?.line ?? 1;
}
