import { createInterface } from 'node:readline/promises';

/** The line that was typed; '' when the input ended or `signal` aborted first. */
export async function askLine(
  question: string,
  signal: AbortSignal,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  const lines = createInterface({ input, output });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return await Promise.race([lines.question(question, { signal }), ended]);
  } catch {
    return '';
  } finally {
    lines.close();
  }
}
