import type { ReadHost } from '../host/read-host.ts';
import { resolveInRoot } from '../host/resolve.ts';

/** A path of the node with all links on the way to it resolved, as mountinfo would show it. */
export function realPath(host: ReadHost, wanted: string): string {
  const below = resolveInRoot(host.root === '' ? '/' : host.root, wanted, true);
  const found = host.root === '' ? below : below.slice(host.root.length);
  return found === '' ? '/' : found;
}

/** The same; a path whose links lead in circles leads nowhere, and stays as it is. */
export function realPathOr(host: ReadHost, wanted: string): string {
  try {
    return realPath(host, wanted);
  } catch {
    return wanted;
  }
}
