import { listCache } from './cache.ts';
import type { Network } from './conf.ts';
import { CniError, joinErrors } from './error.ts';
import type { AttachmentKey } from './names.ts';
import { del } from './network.ts';
import { callPlugin } from './plugin.ts';
import { requestOf } from './request.ts';
import type { CniRuntime } from './runtime.ts';
import { isAtLeast } from './version.ts';

/** An attachment that is still wanted. */
export type ValidAttachment = Pick<AttachmentKey, 'containerId' | 'ifName'>;

export interface Collected {
  /** Recorded attachments that were not valid any more and got their DEL. */
  removed: AttachmentKey[];
  /** Cache files of which nobody knows whose they are: untouched. */
  unreadable: { file: string; reason: string }[];
  /** Whether the plugins were sent GC: not below version 1.1. */
  asked: 'plugins' | 'disabled' | 'unsupported';
}

/**
 * Collects what stale attachments of a network left: first DEL for every recorded attachment that is not in
 * `valid`, then GC to every plugin. Everything is tried; the CniErrors of what failed are thrown joined.
 * The caller must know all valid attachments, those of other runtimes included, and see that no ADD or DEL of
 * the network runs meanwhile.
 */
export async function gc(
  runtime: CniRuntime,
  network: Network,
  valid: readonly ValidAttachment[],
): Promise<Collected> {
  if (network.disableGC) return { removed: [], unreadable: [], asked: 'disabled' };
  const { attachments, unreadable } = listCache(runtime.cacheDir);
  const collected: Collected = { removed: [], unreadable, asked: 'unsupported' };
  const errors: CniError[] = [];
  const isValid = (key: AttachmentKey) =>
    valid.some(({ containerId, ifName }) => containerId === key.containerId && ifName === key.ifName);
  for (const cached of attachments.filter((one) => one.network === network.name && !isValid(one))) {
    const { containerId, ifName } = cached;
    const made = cached.conf?.name === network.name ? { ...cached.conf, file: network.file } : network;
    const failed = await caught(() => del(runtime, made, cached.attachment));
    if (failed) errors.push(failed);
    else collected.removed.push({ network: network.name, containerId, ifName });
  }
  if (isAtLeast(network.cniVersion, '1.1.0')) {
    collected.asked = 'plugins';
    const list = valid.map(({ containerId, ifName }) => ({ containerID: containerId, ifname: ifName }));
    // Plugins built while the text of 1.1 and its library disagreed look for the second name.
    const injected = { 'cni.dev/valid-attachments': list, 'cni.dev/attachments': list };
    for (const index of network.plugins.keys()) {
      const failed = await caught(() => callPlugin(runtime, requestOf(network, index, 'GC', { injected })));
      if (failed) errors.push(failed);
    }
  }
  const error = joinErrors(errors);
  if (error) throw error;
  return collected;
}

/**
 * Asks every plugin whether it can serve ADD. Throws the CniError of the first that cannot (its `place.code` is
 * 50 or 51 where the plugin says so). Below version 1.1 there is no such question.
 */
export async function status(runtime: CniRuntime, network: Network): Promise<'ready' | 'unsupported'> {
  if (!isAtLeast(network.cniVersion, '1.1.0')) return 'unsupported';
  for (const index of network.plugins.keys()) {
    await callPlugin(runtime, requestOf(network, index, 'STATUS'));
  }
  return 'ready';
}

async function caught(act: () => Promise<unknown>): Promise<CniError | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof CniError) return error;
    throw error;
  }
}
