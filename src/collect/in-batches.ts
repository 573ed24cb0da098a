/** Some milliseconds' worth of small files. */
const BATCH = 200;

/** Calls `each` for every item, letting deadlines and answers of the runtime have their turn in between. */
export async function inBatches<T>(
  items: readonly T[],
  signal: AbortSignal,
  each: (item: T) => void,
): Promise<void> {
  for (let i = 0; i < items.length && !signal.aborted; i += BATCH) {
    if (i > 0) await new Promise((resolve) => setImmediate(resolve));
    for (const item of items.slice(i, i + BATCH)) each(item);
  }
}
