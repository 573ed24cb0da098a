import { escapeText } from '../report/escape.ts';
import { renderJson } from '../report/json.ts';
import { renderLine } from '../report/ndjson.ts';
import { outputsIn, ownWords } from './output-asked.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

const OUR_FAULT = 'this is a fault of podctl; run it again with --debug and report what it says';

/** Why a command came to nothing, in one line, and the next step ('' where there is none). */
export interface Failure {
  error: string;
  hint: string;
}

/** `calledAs`: how podctl is called where it was called. */
export function failureOf(error: unknown, calledAs: string): Failure {
  const isKnown = error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  return {
    error: isKnown ? message : `podctl failed: ${message}`,
    hint: (isKnown ? error.hint : OUR_FAULT).replace(/\bpodctl (?=[a-z-])/g, `${calledAs} `),
  };
}

/** What a command said on stderr that ended without a result; null where it said nothing of an error. */
export function failureIn(said: string): Failure | null {
  const error = /^error: (.*)$/m.exec(said)?.[1];
  return error === undefined ? null : { error, hint: /^hint: (.*)$/m.exec(said)?.[1] ?? '' };
}

/** For people, on stderr. */
export function failureText({ error, hint }: Failure): string {
  return [`error: ${error}`, ...(hint === '' ? [] : [`hint: ${hint}`])]
    .map((line) => `${escapeText(line)}\n`)
    .join('');
}

/** For programs, in place of the result: in the format that was asked for, '' where that was none of theirs. */
export async function failureDocument(
  failure: Failure,
  exitCode: number,
  argv: readonly string[],
): Promise<string> {
  const data = { schema: 'podctl.error/v1', podctl: VERSION, ...failure, exitCode };
  switch (formatIn(argv)) {
    case 'json':
      return renderJson(data);
    case 'ndjson':
      return renderLine(data);
    case 'yaml':
      return (await import('../report/yaml.ts')).renderYaml(data);
    default:
      return '';
  }
}

/** What follows the last `-o`. */
function formatIn(argv: readonly string[]): string | undefined {
  // There it names a file, and here there are lines and no document.
  if (argv[0] === 'pause' || ownWords(argv).includes('--jq')) return undefined;
  return outputsIn(argv).at(-1);
}
