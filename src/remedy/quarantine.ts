import fs from 'node:fs';
import path from 'node:path';
import type { NsId } from '../model/namespace.ts';
import type { FileIdentity, PinType, ProcessIdentity } from '../model/plan.ts';
import { amount, oneOf, record, text, whole } from '../model/shape.ts';
import { appendLine, readLines } from './journal.ts';

/** What is put aside before it goes. */
export type Kept =
  | { kind: 'file'; path: string; file: FileIdentity; mode: number; mtime: number; content: Uint8Array }
  | {
      kind: 'process';
      process: ProcessIdentity;
      comm: string;
      cgroup: string;
      /** Null: could not be read. */
      ns: Record<PinType, NsId | null>;
    }
  /** A record that was taken out of a store, as far as it can be shown. */
  | { kind: 'record'; id: string; where: string; record: Record<string, unknown> };

/** One line of the index: what was put aside, and for a file where its copy is. */
export type KeptEntry =
  | (Omit<Extract<Kept, { kind: 'file' }>, 'content'> & { at: string; copy: string })
  | (Exclude<Kept, { kind: 'file' }> & { at: string });

const INDEX = 'index.ndjson';

/** Puts something aside in a run's folder `kept`: the copy first, then its line in the index, both on disk. */
export function keepIn(folder: string, kept: Kept, at: Date): void {
  const index = path.join(folder, INDEX);
  if (kept.kind !== 'file') {
    appendLine(index, { at: at.toISOString(), ...kept });
    return;
  }
  const { content, ...rest } = kept;
  const copy = path.join(folder, `${fs.readdirSync(folder).length}-${copyName(kept.path)}`);
  const fd = fs.openSync(copy, 'wx', 0o600);
  try {
    fs.writeFileSync(fd, content);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  appendLine(index, { at: at.toISOString(), ...rest, copy });
}

/** What a run put aside, in order. Lines that are damaged are left out. */
export function readKept(runFolder: string): KeptEntry[] {
  return readLines(path.join(runFolder, 'kept', INDEX)).filter(isEntry);
}

type KeptFile = Extract<KeptEntry, { kind: 'file' }>;

const fileShape = record<KeptFile>({
  at: text,
  kind: oneOf('file'),
  path: text,
  file: record<KeptFile['file']>({ dev: whole, ino: whole, sha256: text }),
  mode: whole,
  mtime: amount,
  copy: text,
});

function isEntry(line: object): line is KeptEntry {
  const kind = 'kind' in line ? line.kind : '';
  return kind === 'process' || kind === 'record' || fileShape.fault(line, 'line') === null;
}

/** The last part of a path, with nothing in it that a shell or a terminal would trip over. */
function copyName(file: string): string {
  return path
    .basename(file)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 100);
}
