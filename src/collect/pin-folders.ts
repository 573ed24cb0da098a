import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Daemon, Pin } from '../model/facts.ts';
import type { Problem } from '../model/outcome.ts';
import { schemeOf } from './pin-mounts.ts';
import { realPath } from './real-path.ts';

/** A folder in which runtimes keep pins, as it was when it was listed. */
export interface PinFolder {
  path: string;
  type: Pin['type'];
  mtime: number;
  names: string[];
}

const FOLDERS: readonly [string, Pin['type']][] = [
  ['/run/netns', 'net'],
  ['/run/ipcns', 'ipc'],
  ['/run/utsns', 'uts'],
  ['/run/userns', 'user'],
  ['/run/pidns', 'pid'],
];

/** containerd keeps pins below its state folder when it is told to. */
const DEFAULT_STATE = '/run/containerd';
const BELOW_STATE = 'io.containerd.grpc.v1.cri/netns';

/** The pin folders that exist, by their real path. `whole` is false when one of them could not be listed. */
export function pinFolders(
  host: ReadHost,
  daemons: readonly Daemon[],
  problems: Problem[],
): { folders: PinFolder[]; whole: boolean } {
  const states = daemons.filter((d) => d.kind === 'containerd').map((d) => d.flags.state ?? DEFAULT_STATE);
  const wanted = new Map(FOLDERS.map(([path, type]) => [realPath(host, path), type]));
  for (const state of states.length > 0 ? states : [DEFAULT_STATE]) {
    wanted.set(realPath(host, `${state}/${BELOW_STATE}`), 'net');
  }
  const folders: PinFolder[] = [];
  let whole = true;
  for (const [path, type] of wanted) {
    try {
      // The time before the list: what is made in between makes the folder look older, and is not in the list.
      const { mtime } = host.stat(path);
      folders.push({ path, type, mtime, names: host.list(path) });
    } catch (error) {
      if (isMissing(error)) continue;
      whole = false;
      problems.push(problemOf(error, path));
    }
  }
  return { folders, whole };
}

/** Files of a pin folder on which nothing is mounted. */
export function emptyFiles(host: ReadHost, folder: PinFolder, mounted: ReadonlyMap<string, Pin>): Pin[] {
  return folder.names
    .map((name) => `${folder.path}/${name}`)
    .filter((path) => !mounted.has(path) && isEmptyFile(host, path))
    .map((path) => ({
      path,
      type: folder.type,
      ns: null,
      mounts: 0,
      scheme: schemeOf(path),
      confirmed: false,
    }));
}

/** True for a regular file: that is what a pin's mount point is without the mount. */
export function isEmptyFile(host: ReadHost, path: string): boolean {
  try {
    return host.stat(path).type === 'file';
  } catch {
    return false;
  }
}
