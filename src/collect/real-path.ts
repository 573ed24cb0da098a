import type { ReadHost } from '../host/read-host.ts';
import { resolveInRoot } from '../host/resolve.ts';

/** A path of the node with all links on the way to it resolved, as mountinfo would show it. */
export function realPath(host: ReadHost, wanted: string): string {
  const below = resolveInRoot(host.root === '' ? '/' : host.root, wanted, true);
  const found = host.root === '' ? below : below.slice(host.root.length);
  return found === '' ? '/' : found;
}
