import { isMissing, problemOf, type ReadHost, systemCode } from '../host/read-host.ts';
import type { CniCacheEntry, CniCacheFact } from '../model/facts.ts';
import { complete, type Gathered, type Problem, partial, problem } from '../model/outcome.ts';
import { parseCniEntry, type StoredConfig, storedConfigs, untold } from './cni-entry.ts';
import type { Collector } from './collector.ts';
import { inBatches } from './in-batches.ts';
import { listedIds } from './listed-ids.ts';
import { summarize } from './problems.ts';
import { realPathOr } from './real-path.ts';

const FOLDERS = ['/var/lib/cni/results', '/var/lib/cni/cache/results'];
const MAX_FILES = 20_000;
const MAX_BYTES = 256 * 1024;

/** What CNI was told of each attachment that it still knows. */
export const cniCacheCollector: Collector<'cniCache'> = {
  fact: 'cniCache',
  summary: "libcni's cache of attachments: whose they are, and which files are damaged",
  timeoutMs: 5000,
  collect({ host, signal }) {
    return collectCniCache(host, signal);
  },
  confirm({ host, known }, fact) {
    // What somebody lists is nobody's orphan, and needs no second look.
    const listed = listedIds(known);
    const same = (entry: CniCacheEntry) => listed.has(entry.containerId) || isUnchanged(host, entry);
    return { ...fact, entries: fact.entries.map((entry) => ({ ...entry, confirmed: same(entry) })) };
  },
};

async function collectCniCache(host: ReadHost, signal: AbortSignal): Promise<Gathered<CniCacheFact>> {
  const problems: Problem[] = [];
  const stored = storedConfigs();
  const value: CniCacheFact = { entries: [], folders: [], ipamFolders: [] };
  for (const folder of FOLDERS) {
    const names = namesIn(host, folder, problems);
    if (names === null) continue;
    value.folders.push(folder);
    const room = MAX_FILES - value.entries.length;
    if (names.length > room) {
      const message = `${folder} holds ${names.length} files; ${room} of them were read`;
      problems.push(problem('truncated', message, folder));
    }
    await inBatches(names.slice(0, room), signal, (name) => {
      const entry = readEntry(host, `${folder}/${name}`, stored.of, problems);
      if (entry) value.entries.push(entry);
    });
  }
  resolveNames(host, value.entries);
  const configs = stored.all().filter(({ usable }) => usable);
  const folders = configs.flatMap(({ network, plugins }) =>
    plugins.flatMap(({ ipam }) => (ipam && ipam.folder !== '' ? [{ path: ipam.folder, network }] : [])),
  );
  value.ipamFolders = [...new Map(folders.map((folder) => [folder.path, folder])).values()];
  value.configs = configs.map(({ network, plugins }) => ({ network, plugins }));
  return problems.length === 0 ? complete(value) : partial(value, summarize(problems));
}

/** Null where there is no such folder, or it cannot be listed. */
function namesIn(host: ReadHost, folder: string, problems: Problem[]): string[] | null {
  try {
    return host.list(folder);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, folder));
    return null;
  }
}

/** Null when it is gone, or may not be read: then a problem says so. */
function readEntry(
  host: ReadHost,
  path: string,
  stored: (config: string) => StoredConfig,
  problems: Problem[],
): CniCacheEntry | null {
  try {
    const { type, mtime } = host.stat(path);
    const told = type === 'file' ? readFile(host, path, stored) : untold('foreign');
    return { path, mtime, confirmed: false, ...told };
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, path));
    return null;
  }
}

function readFile(host: ReadHost, path: string, stored: (config: string) => StoredConfig) {
  try {
    return parseCniEntry(host.readFile(path, { max: MAX_BYTES }), stored);
  } catch (error) {
    if (systemCode(error) === 'EFBIG') return untold('malformed');
    throw error;
  }
}

function isUnchanged(host: ReadHost, { path, mtime, state }: CniCacheEntry): boolean {
  try {
    const now = host.stat(path);
    return now.mtime === mtime && (now.type === 'file') === (state !== 'foreign');
  } catch {
    return false;
  }
}

/** mountinfo says /run/netns where CNI was told /var/run/netns; the pin itself is a file and no link. */
function resolveNames(host: ReadHost, entries: CniCacheEntry[]): void {
  const folders = new Map<string, string>();
  for (const entry of entries.filter(({ netns }) => netns !== '')) {
    const slash = entry.netns.lastIndexOf('/');
    const named = entry.netns.slice(0, slash);
    const folder = folders.get(named) ?? realPathOr(host, named);
    folders.set(named, folder);
    entry.netns = `${folder === '/' ? '' : folder}${entry.netns.slice(slash)}`;
  }
}
