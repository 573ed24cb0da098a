import fs from 'node:fs';
import { identifyIfThere, sameFile } from '../../host/file-identity.ts';
import { isMissing, systemCode } from '../../host/read-host.ts';
import { removeFile as removeThatFile } from '../../native/files.ts';
import { deleteLink as deleteThatLink, setLink as setThatLink } from '../../native/links.ts';
import { cgroupTree } from '../cgroups.ts';
import type { ActionContext, Done } from '../context.ts';
import { required } from './native.ts';
import type { ActionOf } from './records.ts';

const LOCK_WAIT_MS = 5000;

/** A copy is put aside first. What is removed is what was copied: podctl-ns compares again, under the lock. */
export async function removeFile(
  { path, file, lock }: ActionOf<'remove-file'>,
  { keep, signal, timeoutMs }: ActionContext,
): Promise<Done> {
  const found = identifyIfThere(path);
  if (found === null) return 'nothing';
  if (!sameFile(found.file, file)) throw new Error(`${path} was changed in the meantime: look again`);
  keep({ kind: 'file', path, ...found });
  const removal = { path, file, lock, waitMs: LOCK_WAIT_MS };
  const { was } = required(await removeThatFile(removal, { signal, timeoutMs }));
  return was === 'file' ? 'done' : 'nothing';
}

export function putConfigAside(
  { path, file }: ActionOf<'put-config-aside'>,
  context: ActionContext,
): Promise<Done> {
  return removeFile({ kind: 'remove-file', path, file, lock: '' }, context);
}

export async function deleteLink(
  { name, index, mac }: ActionOf<'delete-link'>,
  { signal, timeoutMs }: ActionContext,
): Promise<Done> {
  const { deleted } = required(await deleteThatLink({ name, index, mac }, { signal, timeoutMs }));
  return deleted ? 'done' : 'nothing';
}

/** Nothing is taken away: a link is put back where a plugin had it. */
export async function setLink(
  { name, index, mac, bridge, up }: ActionOf<'set-link'>,
  { signal, timeoutMs }: ActionContext,
): Promise<Done> {
  const change = { name, index, mac, master: bridge?.index ?? null, up };
  required(await setThatLink(change, { signal, timeoutMs }));
  return 'done';
}

/** rmdir alone: the kernel refuses where a process is in it. */
export function removeCgroup({ path: cgroup, hierarchies }: ActionOf<'remove-cgroup'>): Done {
  const folders = hierarchies.flatMap((hierarchy) => cgroupTree(hierarchy, cgroup));
  const removed = folders.filter(removeFolder);
  return removed.length > 0 ? 'done' : 'nothing';
}

function removeFolder(folder: string): boolean {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    if (systemCode(error) === 'EBUSY')
      throw new Error(`${folder} is in use again: a process or a cgroup is in it; it is left alone`);
    throw error;
  }
}
