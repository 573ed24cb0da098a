import { writeFileAtomic } from '../host/write-file.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { snapshotFault } from '../model/snapshot-shape.ts';
import { describe } from './describe.ts';
import { readDocument } from './read-document.ts';
import { UsageError } from './usage-error.ts';

const OWNER_ONLY = 0o600;

/** Writes what a run saw, readable by its owner alone: a whole file or none. */
export function saveSnapshot(file: string, snapshot: Snapshot): void {
  try {
    writeFileAtomic(file, `${JSON.stringify(snapshot)}\n`, OWNER_ONLY);
  } catch (error) {
    throw new UsageError(
      `cannot write the snapshot ${file}: ${describe(error)}`,
      'name a file you may write',
    );
  }
}

/** Reads a saved run. Whatever is wrong with the file is one UsageError that names the place in it. */
export function loadSnapshot(file: string): Snapshot {
  const hint = 'podctl doctor --save-snapshot FILE writes one';
  const value = readDocument(file, 'snapshot', hint);
  const fault = snapshotFault(value);
  if (fault !== null) throw new UsageError(`${file}: ${fault}`, hint);
  return value as Snapshot;
}
