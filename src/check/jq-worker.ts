import { parentPort, workerData } from 'node:worker_threads';
import jqWeb from 'jq-web';

/** `{ json, expression }` in; `{ lines }` or `{ error }` out, once. */
const { json, expression } = workerData as { json: string; expression: string };

/** A bare `empty` makes jq-web throw, so the results come as one list; the newline ends a comment. */
async function evaluate(): Promise<{ lines: string[] } | { error: string }> {
  const jq = await jqWeb;
  try {
    const list = JSON.parse(jq.raw(json, `[ ${expression}\n]`, ['-c'])) as unknown[];
    return { lines: list.map((value) => JSON.stringify(value)) };
  } catch (error) {
    return { error: firstLine(error) };
  }
}

/** jq says `jq: error: <what> at <top-level>, line 1, column 5:` and then shows the program. */
function firstLine(error: unknown): string {
  const text =
    error instanceof Error && 'stderr' in error ? String(error.stderr) : String((error as Error).message);
  const line = text.split('\n').find((l) => l.trim() !== '') ?? 'jq failed';
  return line.replace(/^undefined/, '').replace(/^jq: (error|\d+ compile error)?:? ?/, '');
}

evaluate().then(
  (answer) => parentPort?.postMessage(answer),
  (error: unknown) => parentPort?.postMessage({ error: firstLine(error) }),
);
