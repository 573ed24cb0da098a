import fs from 'node:fs';
import path from 'node:path';
import { isMissing } from '../../host/read-host.ts';
import { type Witnessed, witnessProcesses } from '../../host/scan.ts';
import type { GuardContext, GuardOf } from '../guards/index.ts';
import { askRuntime, knownBy, type RuntimeWord } from '../owners.ts';
import { idsOfNetns, namesOf } from './netns-names.ts';

/** What may be a part of a path. */
const ID = /^[A-Za-z0-9][\w.-]*$/;

export async function disowned(
  { endpoint, id, bundles }: GuardOf<'disowned'>,
  context: GuardContext,
): Promise<string | null> {
  const word = await askRuntime(endpoint, context);
  const owner = ownerOf(id, word, bundles, witnessProcesses(), context);
  return owner === null ? null : `${short(id)} has an owner: ${owner}`;
}

/** Every id that an attachment of this namespace names must be disowned, and the namespace itself. */
export async function netnsDisowned(
  { endpoint, path: pin, bundles, caches }: GuardOf<'netns-disowned'>,
  context: GuardContext,
): Promise<string | null> {
  const word = await askRuntime(endpoint, context);
  const processes = witnessProcesses();
  const names = namesOf(pin);
  const record = word.records.find((r) => r.netnsPath !== null && names.includes(r.netnsPath));
  if (record) return `${pin} has an owner: the record of ${short(record.id)} names it`;
  const bundle = bundles.flatMap(bundlesIn).find((file) => mentions(file, names));
  if (bundle) return `${pin} has an owner: ${bundle} names it`;
  const ids = idsOfNetns(caches, names);
  const secret = word.records.find((r) => r.kind === 'sandbox' && r.name === null);
  if (ids.length === 0 && secret)
    return `${pin} may have an owner: the record of ${short(secret.id)} cannot be read`;
  for (const id of ids) {
    const owner = ownerOf(id, word, bundles, processes, context);
    if (owner !== null) return `${pin} has an owner, ${short(id)}: ${owner}`;
  }
  return null;
}

/** Who owns an id, in words; null when nobody does. */
function ownerOf(
  id: string,
  word: RuntimeWord,
  bundles: readonly string[],
  processes: readonly Witnessed[],
  { records }: GuardContext,
): string | null {
  const known = knownBy(word, id);
  if (known !== null) return known;
  if (!ID.test(id)) return null;
  if (records.read(id) !== null) return 'podctl has a record of it';
  const bundle = bundles.map((folder) => path.join(folder, id)).find(isThere);
  if (bundle) return `its bundle ${bundle} is there`;
  const member = processes.find((p) => p.cgroup()?.includes(id));
  if (member) return `process ${member.pid} (${member.comm}) is in its cgroup`;
  const shim = processes.find((p) => isShimOf(p, id) && processes.some((child) => child.ppid === p.pid));
  return shim ? `its shim, process ${shim.pid}, has children` : null;
}

function isShimOf(process: Witnessed, id: string): boolean {
  if (!process.comm.startsWith('containerd-shim')) return false;
  const words = process.words();
  return words[words.indexOf('-id') + 1] === id;
}

/** Throws the system's error where nobody can tell. */
function isThere(file: string): boolean {
  try {
    fs.lstatSync(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function bundlesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).flatMap((id) => {
      const below = path.join(folder, id);
      return [path.join(below, 'config.json'), path.join(below, 'userdata', 'config.json')];
    });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function mentions(file: string, names: readonly string[]): boolean {
  try {
    const text = fs.readFileSync(file, 'utf8');
    return names.some((name) => text.includes(JSON.stringify(name)));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function short(id: string): string {
  return id.slice(0, 13);
}
