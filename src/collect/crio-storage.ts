import { parseMountinfo } from '../host/mountinfo.ts';
import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { CrioStorageFact, RuntimeConfigFact, StoredSandbox } from '../model/facts.ts';
import { absent, complete, type Gathered, type Problem, partial } from '../model/outcome.ts';
import type { CollectContext, Collector } from './collector.ts';
import { isThere } from './config/layout.ts';
import { knownValue } from './known-value.ts';
import { readMountView } from './mount-view.ts';
import { summarize } from './problems.ts';
import { containerFolders, type StorageEntry, storageList } from './storage-list.ts';

const SHM = /\/([0-9a-f]{64})\/userdata\/shm$/;
const TMPFS = new Set(['tmpfs']);

/** An owner: read after the list of sandboxes, so that what was removed in between is in neither. */
export const crioStorageCollector: Collector<'crioStorage'> = {
  fact: 'crioStorage',
  summary: "sandboxes in CRI-O's storage, and the files that decide what its next start keeps of it",
  timeoutMs: 4000,
  needs: ['daemons', 'endpoints', 'runtimeConfig'],
  after: ['sandboxes'],
  collect(context) {
    const config = knownValue(context.known('runtimeConfig'));
    if (config?.runtime !== 'crio') return absent('CRI-O is not the runtime of this node');
    return readStorage(context, config);
  },
};

function readStorage({ host, known }: CollectContext, config: RuntimeConfigFact): Gathered<CrioStorageFact> {
  const problems: Problem[] = [];
  const folders = containerFolders(host, config.rootDir, problems) ?? [];
  const stored = folders.flatMap((folder) =>
    storageList(host, folder, problems)
      .filter(isSandbox)
      .map((entry) => sandboxIn(host, folder, entry, problems)),
  );
  const whole = problems.length === 0;
  const endpoint = knownValue(known('endpoints'))?.chosen?.path ?? null;
  const view = readMountView(host, knownValue(known('daemons')) ?? [], endpoint, problems);
  const value: CrioStorageFact = {
    root: config.rootDir,
    sandboxes: stored,
    shm: view === null ? [] : shmIn(view.mountinfo, config.stateDir).flatMap((one) => dated(host, one)),
    shutdown: shutdownOf(host, config.marks),
  };
  const told = summarize(problems);
  return whole ? complete(value, told) : partial(value, told);
}

type Owned = StorageEntry & { crio: NonNullable<StorageEntry['crio']> };

function isSandbox(entry: StorageEntry): entry is Owned {
  return entry.crio?.sandboxId === entry.id;
}

function sandboxIn(host: ReadHost, folder: string, entry: Owned, problems: Problem[]): StoredSandbox {
  const { id, name, createdAt, crio } = entry;
  const path = `${folder}/${id}/userdata/config.json`;
  const pod = crio.pod === '' ? name : `${crio.namespace}/${crio.pod}`;
  return { id, pod, uid: crio.uid, createdAt, spec: { path, state: stateOf(host, path, problems) } };
}

function stateOf(host: ReadHost, path: string, problems: Problem[]): StoredSandbox['spec']['state'] {
  try {
    return host.stat(path).size === 0 ? 'empty' : 'there';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    problems.push(problemOf(error, path));
    return 'there';
  }
}

type ShmMount = Omit<CrioStorageFact['shm'][number], 'mtime'>;

/** None when it went away. */
function dated(host: ReadHost, { sandboxId, path }: ShmMount): CrioStorageFact['shm'] {
  try {
    return [{ sandboxId, path, mtime: host.stat(path.slice(0, path.lastIndexOf('/'))).mtime }];
  } catch {
    return [];
  }
}

/** Mounts of shared memory below the run root. */
export function shmIn(mountinfo: string, runRoot: string): ShmMount[] {
  return parseMountinfo(mountinfo, TMPFS).flatMap(({ mountPoint }) => {
    const sandboxId = mountPoint.startsWith(`${runRoot}/`) ? SHM.exec(mountPoint)?.[1] : undefined;
    return sandboxId === undefined ? [] : [{ sandboxId, path: mountPoint }];
  });
}

function shutdownOf(host: ReadHost, marks: RuntimeConfigFact['marks']): CrioStorageFact['shutdown'] {
  const version = marks?.version ?? '';
  const clean = marks?.cleanShutdown ?? '';
  return {
    versionFile: { path: version, isThere: isThere(host, version) },
    clean:
      clean === ''
        ? null
        : { path: clean, isThere: isThere(host, clean), supported: isThere(host, `${clean}.supported`) },
  };
}
