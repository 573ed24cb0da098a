import { parentPort, workerData } from 'node:worker_threads';
import jqWeb from 'jq-web';

/** `{ json, expression }` in; `{ lines }` or `{ error }` out, once. */
const { json, expression } = workerData as { json: string; expression: string };

const MOST_BYTES = 512 * 1024 * 1024;
const PAGE = 64 * 1024;

/** The thread's own limit is of JavaScript's memory alone, and jq has its own. */
function limitMemory(): void {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function growUpTo(pages: number): number {
    if (this.buffer.byteLength + pages * PAGE > MOST_BYTES) throw new RangeError('too much memory');
    return grow.call(this, pages);
  };
}

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

limitMemory();
evaluate().then(
  (answer) => parentPort?.postMessage(answer),
  (error: unknown) => parentPort?.postMessage({ error: firstLine(error) }),
);
