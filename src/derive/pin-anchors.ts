import type { Pin } from '../model/facts.ts';
import type { NsType } from '../model/namespace.ts';
import { pinsByPath } from './pins.ts';
import { runPath } from './process.ts';
import type { SandboxView } from './sandbox-view.ts';

const PINNED: readonly NsType[] = ['net', 'ipc', 'uts', 'user'];

/** A pin that a sandbox was made with and that holds nothing any more. */
export interface LostPin {
  type: NsType;
  /** As the kernel shows it. */
  path: string;
  /** The file is still there, with nothing mounted on it. */
  isFile: boolean;
}

/**
 * Of a ready sandbox that has no pause, as CRI-O makes them: its pins are all that keeps its namespaces while no
 * container runs, and all by which the next container can join them. Those that are lost; none for other sandboxes.
 */
export function lostAnchorPins({ listed, bundle, pause }: SandboxView, pins: Pin[]): LostPin[] {
  if (pause !== null || listed?.state !== 'ready' || bundle?.namespace !== '') return [];
  const held = pinsByPath(pins);
  return PINNED.flatMap((type) => {
    const path = runPath(bundle.namespaces?.[type] ?? '');
    if (path === '' || path.startsWith('/proc/')) return [];
    const pin = held.get(path);
    return pin && pin.ns !== null ? [] : [{ type, path, isFile: pin !== undefined }];
  });
}
