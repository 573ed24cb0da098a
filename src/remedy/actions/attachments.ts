import path from 'node:path';
import { cacheFile } from '../../cni/cache.ts';
import { decodeCache } from '../../cni/cache-format.ts';
import { del } from '../../cni/network.ts';
import { identifyIfThere, sameFile } from '../../host/file-identity.ts';
import type { ActionContext, Done } from '../context.ts';
import type { ActionOf } from './records.ts';

/**
 * DEL to every plugin of the configuration that the cache file holds, with the result in it; then the file goes.
 * What the file says must be what its name says: plugins would take another attachment down.
 */
export async function releaseAttachment(
  { entry, file, netns, binDirs }: ActionOf<'release-attachment'>,
  { cni, keep, signal }: ActionContext,
): Promise<Done> {
  const found = identifyIfThere(entry);
  if (found === null) return 'nothing';
  if (!sameFile(found.file, file)) throw new Error(`${entry} was changed in the meantime: look again`);
  const decoded = decodeCache(found.content.toString('utf8'), entry, null);
  if (decoded.status !== 'found') throw new Error(`DEL cannot be sent: ${decoded.reason}`);
  const { attachment, conf, network, containerId, ifName } = decoded.cached;
  const cacheDir = path.dirname(path.dirname(entry));
  if (conf === null || conf.name !== network)
    throw new Error(
      `DEL cannot be sent: ${entry} holds no configuration of network ${JSON.stringify(network)}`,
    );
  if (cacheFile(cacheDir, { network, containerId, ifName }) !== entry)
    throw new Error(`DEL is not sent: ${entry} tells of another attachment than its name says`);
  keep({ kind: 'file', path: entry, ...found });
  await del({ ...cni, cacheDir, binFolders: binDirs, signal }, conf, { ...attachment, netns });
  return 'done';
}
