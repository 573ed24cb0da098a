import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import { dig, digText } from '../model/json-path.ts';
import { type Problem, problem } from '../model/outcome.ts';
import { isObject } from '../model/shape.ts';

/** A container in the list of a storage that CRI-O and podman may share. */
export interface StorageEntry {
  id: string;
  /** The first of its names; '' for none. */
  name: string;
  /** Milliseconds since 1970; 0 where it is not told. */
  createdAt: number;
  /** What CRI-O wrote down; null for a container that is not CRI-O's. */
  crio: { sandboxId: string; namespace: string; pod: string; uid: string } | null;
}

/** Folders of drivers: overlay-containers, vfs-containers. */
const FOLDER = /^[a-z0-9]{1,32}-containers$/;
/** The second holds those that need not survive a power cut: all of CRI-O's. */
const LISTS = ['containers.json', 'volatile-containers.json'];
const ID = /^[0-9a-f]{64}$/;
const MAX_BYTES = 16 * 1024 * 1024;
const MOST = 5000;

/** Folders below the root of a storage that hold one folder for each container; null: there is no such storage. */
export function containerFolders(host: ReadHost, root: string, problems: Problem[]): string[] | null {
  try {
    return host
      .list(root)
      .filter((name) => FOLDER.test(name))
      .map((name) => `${root}/${name}`);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, root));
    return null;
  }
}

/** The containers that a folder's lists name. A list that is not there names none; a damaged one is a problem. */
export function storageList(host: ReadHost, folder: string, problems: Problem[]): StorageEntry[] {
  return LISTS.flatMap((name) => {
    const path = `${folder}/${name}`;
    try {
      const entries = parseStorageList(host.readFile(path, { max: MAX_BYTES }));
      if (entries.length <= MOST) return entries;
      problems.push(
        problem('truncated', `${path} names ${entries.length} containers; ${MOST} were read`, path),
      );
      return entries.slice(0, MOST);
    } catch (error) {
      if (error instanceof SyntaxError)
        problems.push(problem('malformed', `${path} is no list of containers`, path));
      else if (!isMissing(error)) problems.push(problemOf(error, path));
      return [];
    }
  });
}

/** Throws SyntaxError for what is no list; members without an id are passed over. */
export function parseStorageList(text: string): StorageEntry[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new SyntaxError('no list');
  return list.flatMap((member): StorageEntry[] => {
    const id = digText(member, 'id');
    if (id === null || !ID.test(id)) return [];
    const names = dig(member, 'names');
    const [name] = Array.isArray(names) ? names : [];
    const created = Date.parse(digText(member, 'created') ?? '');
    return [
      {
        id,
        name: typeof name === 'string' ? name : '',
        createdAt: Number.isNaN(created) ? 0 : created,
        crio: crioOf(digText(member, 'metadata') ?? ''),
      },
    ];
  });
}

/** The metadata are a text of JSON; only CRI-O's name a pod by its id. */
function crioOf(metadata: string): StorageEntry['crio'] {
  let value: unknown;
  try {
    value = JSON.parse(metadata);
  } catch {
    return null;
  }
  const sandboxId = digText(value, 'pod-id');
  if (!isObject(value) || sandboxId === null) return null;
  return {
    sandboxId,
    namespace: digText(value, 'namespace') ?? '',
    pod: digText(value, 'pod-name') ?? '',
    uid: digText(value, 'uid') ?? '',
  };
}
