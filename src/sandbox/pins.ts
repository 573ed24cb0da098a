import fs from 'node:fs';
import { isMissing } from '../host/read-host.ts';
import type { NsId } from '../model/namespace.ts';

const NSFS_MAGIC = 0x6e736673;

/** What is at the path of a pin. `other`: something that podctl did not put there. */
export type PinState = { state: 'pinned'; ns: NsId } | { state: 'bare' | 'missing' | 'other'; ns: null };

/** Looks at a pin, without following links. */
export function readPin(path: string): PinState {
  try {
    const stat = fs.lstatSync(path);
    if (!stat.isFile()) return { state: 'other', ns: null };
    if (fs.statfsSync(path).type !== NSFS_MAGIC)
      return { state: stat.size === 0 ? 'bare' : 'other', ns: null };
    return { state: 'pinned', ns: `${stat.dev}:${stat.ino}` };
  } catch (error) {
    if (isMissing(error)) return { state: 'missing', ns: null };
    throw error;
  }
}
