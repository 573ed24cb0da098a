import { flag, oneOf, record, text, whole } from '../model/shape.ts';
import { callHelper, type HelperOptions, lineWith } from './helper.ts';
import type { Native } from './problem.ts';

/** How a conversation went. */
export interface Talked {
  talked: boolean;
  /** '' when they talked. */
  failedAt: '' | 'listen' | 'dial' | 'accept' | 'exchange';
  /** The system's words for why not. */
  why: string;
  errno: number;
}

const talkedLine = record<Talked>({
  talked: flag,
  failedAt: oneOf('', 'listen', 'dial', 'accept', 'exchange'),
  why: text,
  errno: whole,
});

/**
 * Listens on `address` in one network namespace, dials it from another, and sends a byte there and back: TCP, at a
 * port of the kernel's choice. Both are paths of pins or /proc/PID/ns/net. No program of theirs takes part.
 */
export async function talk(
  { listen, dial, address, waitMs }: { listen: string; dial: string; address: string; waitMs: number },
  options?: HelperOptions,
): Promise<Native<Talked>> {
  const args = ['--listen', listen, '--dial', dial, '--wait-ms', String(waitMs), address];
  const lines = await callHelper('talk', args, options);
  return lines.ok ? lineWith('talked', talkedLine, lines.value) : lines;
}
