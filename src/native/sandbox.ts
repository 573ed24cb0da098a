import type { PinType } from '../model/plan.ts';
import { callHelper } from './helper.ts';
import { type NewNamespaces, namespaceArgs, pinsOf } from './namespaces.ts';
import type { Native } from './problem.ts';
import { type PauseOptions, pauseArgs, type Started, startedFrom } from './start.ts';

export interface NewSandbox extends NewNamespaces {
  paths: Record<PinType, string>;
  /** Folder on which a tmpfs is mounted, to become /dev/shm. */
  shm: string;
}

/**
 * All that a new sandbox has of the kernel, in one run: /dev/shm, namespaces with lo up, their pins, and our pause
 * in them. All or nothing; pause starts when the pins are there.
 */
export async function startSandbox(wanted: NewSandbox, options: PauseOptions): Promise<Native<Started>> {
  const { newPid: _, label: __, ...rest } = options;
  const program = pauseArgs(options);
  if (!program.ok) return program;
  const args = [...namespaceArgs(wanted), '--shm', wanted.shm, ...program.value];
  const lines = await callHelper('sandbox', args, rest);
  if (!lines.ok) return lines;
  const pins = pinsOf(lines.value);
  const pause = startedFrom(lines.value);
  if (!pins.ok) return pins;
  if (!pause.ok) return pause;
  return { ok: true, value: { ...pause.value, ns: { ...pause.value.ns, ...pins.value } } };
}
