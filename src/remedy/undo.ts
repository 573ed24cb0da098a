import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { identifyFile, sameFile } from '../host/file-identity.ts';
import type { Plan } from '../model/plan.ts';
import { changed, type FileEdit, isFileEdit } from './config-edit/change.ts';
import { planOf, step } from './draft.ts';
import { type KeptEntry, readKept } from './quarantine.ts';
import { plansOf } from './run.ts';

type KeptFile = Extract<KeptEntry, { kind: 'file' }>;

/** A configuration file that a run wrote or took away, and whether it can be given back. */
export interface Written {
  path: string;
  /** What was there before. */
  copy: string;
  mode: number;
  /** Of what the run wrote, hex; null: the run took the file away. */
  sha256: string | null;
  /**
   * `written`, `away`: as the run left it. `restored`: it is as before the run. `changed`: neither. `lost`: its copy,
   * or what the run did to it, cannot be read any more.
   */
  state: 'written' | 'away' | 'restored' | 'changed' | 'gone' | 'lost';
}

/** What a run put aside. */
export interface PutAside {
  name: string;
  folder: string;
  written: Written[];
  /** Files that were removed; they are never given back, as what they held may belong to somebody else by now. */
  removed: string[];
  /** Processes and records that went. */
  others: number;
}

/** Looks into a run's folder and at the files that it wrote, the last written first. Throws the system's error. */
export async function putAside(run: { name: string; folder: string }): Promise<PutAside> {
  const kept = readKept(run.folder);
  const files = kept.filter((entry) => entry.kind === 'file');
  const actions = plansOf(run.folder).flatMap((plan) => plan.steps.map(({ action }) => action));
  const asides = actions.filter((action) => action.kind === 'put-config-aside');
  const writes = actions.filter(isFileEdit);
  const written: Written[] = [];
  for (const file of files.toReversed()) {
    const action = writes.find((a) => isOf(a, file));
    const isAside = asides.some((a) => a.path === file.path && sameFile(a.file, file.file));
    if (action) written.push(await look(file, action));
    else if (isAside) written.push(lookAside(file));
  }
  const restored = actions.flatMap((action) => (action.kind === 'restore-config' ? [action.path] : []));
  const configs = [...written.map(({ path }) => path), ...restored];
  return {
    ...run,
    written,
    removed: files.filter(({ path }) => !configs.includes(path)).map(({ path }) => path),
    others: kept.length - files.length,
  };
}

/** What gives a run's configuration files back; null where none is still what the run wrote. */
export function planUndo({ name, written }: PutAside): Plan | null {
  const due = written.filter(isDue);
  if (due.length === 0) return null;
  const drafts = due.map(({ path, sha256, copy, mode }) =>
    step({ kind: 'restore-config', path, sha256, copy, mode }, 'it is still as the run left it', {
      guards: [sha256 === null ? { kind: 'absent', path } : { kind: 'content-is', path, sha256 }],
      onFailure: 'go-on',
    }),
  );
  return planOf({ remedy: 'undo', risk: 'safe', subject: null, basedOn: `run ${name}` }, drafts);
}

/** True of a file that is still as the run left it. */
export function isDue({ state }: Written): boolean {
  return state === 'written' || state === 'away';
}

function isOf(action: FileEdit, file: KeptFile): boolean {
  return (
    action.sha256 === file.file.sha256 && (action.path === file.path || leadsTo(action.path) === file.path)
  );
}

function leadsTo(path: string): string | null {
  try {
    return fs.realpathSync(path);
  } catch {
    return null;
  }
}

async function look({ path, copy, mode, file }: KeptFile, action: FileEdit): Promise<Written> {
  const sha256 = await writtenBy(action, copy);
  if (sha256 === null) return { path, copy, mode, sha256: '', state: 'lost' };
  const now = contentOf(path);
  const states = { [file.sha256]: 'restored', [sha256]: 'written' } as const;
  return { path, copy, mode, sha256, state: now === null ? 'gone' : (states[now] ?? 'changed') };
}

function lookAside({ path, copy, mode, file }: KeptFile): Written {
  const base = { path, copy, mode, sha256: null };
  if (contentOf(copy) !== file.sha256) return { ...base, state: 'lost' };
  if (fs.lstatSync(path, { throwIfNoEntry: false }) === undefined) return { ...base, state: 'away' };
  return { ...base, state: contentOf(path) === file.sha256 ? 'restored' : 'changed' };
}

/** Of what an action made of the file that was there before; null where that cannot be told any more. */
async function writtenBy(action: FileEdit, copy: string): Promise<string | null> {
  try {
    const before = identifyFile(copy).content.toString('utf8');
    return createHash('sha256')
      .update(await changed(action, before))
      .digest('hex');
  } catch {
    return null;
  }
}

function contentOf(path: string): string | null {
  try {
    return identifyFile(path).file.sha256;
  } catch {
    return null;
  }
}
