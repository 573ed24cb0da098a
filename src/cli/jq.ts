import { evaluateJq } from '../check/jq.ts';
import { escapeEncoded } from '../report/escape.ts';
import { UsageError } from './usage-error.ts';

const DEADLINE_MS = 5000;

/** The results of a jq expression over a JSON text, one line of JSON each. A fault of it is a usage error. */
export async function applyJq(json: string, expression: string): Promise<string> {
  const answer = await evaluateJq(json, expression, DEADLINE_MS);
  if ('error' in answer)
    throw new UsageError(`--jq: ${answer.error}`, 'podctl doctor -o json shows what the expression gets');
  return answer.lines.map((line) => `${escapeEncoded(line)}\n`).join('');
}
