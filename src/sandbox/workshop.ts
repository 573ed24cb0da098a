import type { SandboxRecord } from '../model/sandbox.ts';
import type { RemedyContext } from '../remedy/context.ts';
import type { Places } from '../remedy/print.ts';
import { SandboxError } from './error.ts';
import { withLock } from './lock.ts';
import { type Observed, observe } from './observe.ts';
import { readRecord } from './records.ts';
import { scanProcesses } from './scan.ts';
import type { StateFolder } from './state-folder.ts';

/** What commands on sandboxes work with. */
export interface Workshop {
  state: StateFolder;
  remedy: RemedyContext;
  bootId: string;
  /** '' when it is not installed. */
  pauseProgram: string;
  /** What is being done, for another podctl that finds a lock taken: `sandbox rm web`. */
  command: string;
  /** How long a lock is waited for. */
  waitMs: number;
  /** Network of podctl's own, and what goes with its last sandbox. */
  ownNetwork: { name: string; bridge: string; folder: string };
}

/** Looks at a sandbox now. */
export function lookAt(shop: Workshop, record: SandboxRecord): Observed {
  const { bootId, pauseProgram, state } = shop;
  const processes = scanProcesses();
  return observe(record, { processes, bootId, pauseProgram, folder: state.folderOf(record.id) });
}

/** Works on one sandbox while nobody else does. */
export function withSandbox<T>(
  shop: Workshop,
  { id, name }: { id: string; name: string },
  work: () => Promise<T>,
): Promise<T> {
  const { command, waitMs } = shop;
  return withLock(shop.state, { name: id, what: `sandbox ${name}`, command, waitMs }, work);
}

/** All who make sandboxes at the same time wait in one queue: each for as many turns as there may be before it. */
const TURNS = 4;

/** Gives out and takes back names, and the network that sandboxes share, while nobody else does. */
export function withNames<T>(shop: Workshop, work: () => Promise<T>): Promise<T> {
  const { command } = shop;
  const waitMs = TURNS * shop.waitMs;
  return withLock(shop.state, { name: 'names', what: 'the list of sandboxes', command, waitMs }, work);
}

/** The record as it is now; null when it was removed meanwhile. Throws SandboxError when it cannot be read. */
export function currentRecord({ state }: Workshop, id: string): SandboxRecord | null {
  const read = readRecord(state, id);
  if (read === null) return null;
  if ('problem' in read) throw new SandboxError('usage', read.problem.message, 'it is kept as it is');
  return read.record;
}

/** What printing a plan looks up. */
export function placesOf(shop: Workshop): Places {
  return {
    recordFile: (id) => `${shop.state.records}/${id}.json`,
    folderOf: shop.state.folderOf,
    record: (id) => shop.remedy.records.read(id),
  };
}
