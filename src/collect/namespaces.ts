import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import { NS_TYPES, type NsId, type NsType } from '../model/namespace.ts';
import type { Problem } from '../model/outcome.ts';

export type NamespaceIds = Record<NsType, NsId | null>;

export const NO_NAMESPACES: Readonly<NamespaceIds> = {
  cgroup: null,
  ipc: null,
  mnt: null,
  net: null,
  pid: null,
  time: null,
  user: null,
  uts: null,
};

/** The types that checks compare: what the containers of a sandbox share. */
export const SHARED_TYPES: readonly NsType[] = ['ipc', 'net', 'pid', 'uts'];

/** What a process gives up in one go when it ends, of the types that are always read. */
const LOST_AT_EXIT: readonly NsType[] = ['ipc', 'net', 'uts'];

/**
 * Ids of the namespaces in a folder like /proc/412/ns, of all eight types unless told. Others are null, and so is
 * a type that the kernel does not have.
 * One permission covers the whole folder, so the first refusal ends the reading: all null, one problem.
 * `gone` is true when one that every kernel has is not there: the process is ending, ended, or a zombie.
 */
export function readNamespaces(
  host: ReadHost,
  folder: string,
  types: readonly NsType[] = NS_TYPES,
): { ids: NamespaceIds; problem: Problem | null; gone: boolean } {
  const ids: NamespaceIds = { ...NO_NAMESPACES };
  for (const type of types) {
    try {
      ids[type] = host.nsId(`${folder}/${type}`);
    } catch (error) {
      if (!isMissing(error))
        return { ids: { ...NO_NAMESPACES }, problem: problemOf(error, folder), gone: false };
    }
  }
  return { ids, problem: null, gone: LOST_AT_EXIT.some((type) => ids[type] === null) };
}
