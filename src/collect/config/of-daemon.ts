import type { ReadHost } from '../../host/read-host.ts';
import type { Daemon } from '../../model/facts.ts';
import { type Reading, readContainerd } from './containerd.ts';
import { isThere, layoutFor } from './layout.ts';
import type { DefaultImages } from './release-data.ts';

/** What a containerd reads: its own file where its command line names one, else that of the endpoint's layout. */
export function readContainerdOf(
  host: ReadHost,
  daemon: Daemon | null,
  endpoint: string | null,
  version: string | null,
  images?: DefaultImages,
): Promise<Reading> {
  const layout = layoutFor(host, endpoint);
  const { config, root, state, address } = daemon?.flags ?? {};
  const flags = { ...(root && { root }), ...(state && { state }), ...(address && { address }) };
  const workingFolder = workingFolderOf(host, daemon);
  return readContainerd(host, {
    file: config ? absolute(workingFolder, config) : existing(host, layout.file),
    version,
    workingFolder,
    ...(images && { images }),
    flags,
    defaults: { root: layout.root, state: layout.state, address: layout.socket },
  });
}

export function existing(host: ReadHost, file: string): string | null {
  return isThere(host, file) ? file : null;
}

export function absolute(folder: string, file: string): string {
  return file.startsWith('/') ? file : `${folder === '/' ? '' : folder}/${file}`;
}

export function workingFolderOf(host: ReadHost, daemon: Daemon | null): string {
  try {
    return daemon === null ? '/' : host.readLink(`/proc/${daemon.pid}/cwd`);
  } catch {
    return '/';
  }
}
