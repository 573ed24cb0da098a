import type { ShimArgs } from '../model/facts.ts';
import { parseFlags } from './argv.ts';

const KNOWN = new Set(['namespace', 'id', 'address', 'bundle', 'publish-binary', 'socket', 'pprof']);

/** The name as the kernel cuts it off: containerd-shim-runc-v2, containerd-shim-kata-v2 and the like. */
export function looksLikeShim(comm: string): boolean {
  return comm === 'containerd-shim';
}

/**
 * A shim from its command line. Null for `start` and `delete`, which end at once, and for what names no
 * sandbox.
 */
export function parseShimArgs(args: readonly string[]): ShimArgs | null {
  const { flags, rest } = parseFlags(args.slice(1), KNOWN);
  if (rest.some((word) => !word.startsWith('-'))) return null;
  const { namespace, id, address } = flags;
  if (!namespace || !id) return null;
  return { namespace, id, address: address ?? '' };
}
