import { addResult } from './add-result.ts';
import { type Attachment, requireAttachment } from './attachment.ts';
import { readCache, removeCache, writeCache } from './cache.ts';
import type { Network } from './conf.ts';
import { CniError, joinErrors } from './error.ts';
import { describePlace, findPlugin } from './find-plugin.ts';
import { callPlugin } from './plugin.ts';
import { requestOf } from './request.ts';
import { type CniResult, normaliseResult } from './result.ts';
import type { CniRuntime } from './runtime.ts';
import { isAtLeast } from './version.ts';

/** Error code of a plugin that knows no such container: nothing is left to clean up. */
const CONTAINER_UNKNOWN = 3;

export interface Added {
  result: CniResult;
  /** As the last plugin wrote it. */
  raw: Record<string, unknown>;
  /** Where it was recorded. */
  cacheFile: string;
}

/**
 * Adds an attachment: each plugin in order, each given the result before it; then the record.
 * When one fails, or the record cannot be written, or the signal aborts, DEL is sent to all of them before the
 * error is thrown; what DEL could not undo is told with it. An attachment that is recorded already is refused
 * before anything runs (`already-attached`): the DEL after its failure would take the working one down. So is
 * a network of which a plugin is not there (`plugin-missing`).
 */
export async function add(runtime: CniRuntime, network: Network, attachment: Attachment): Promise<Added> {
  refuseSecondAdd(runtime, network, attachment);
  const { name, file } = network;
  for (const { type } of network.plugins) findPlugin(type, runtime.binFolders, { network: name, file });
  let raw: Record<string, unknown> | null = null;
  try {
    for (const index of network.plugins.keys()) {
      const call = requestOf(network, index, 'ADD', { attachment, prevResult: raw });
      raw = addResult(call, await callPlugin(runtime, call));
    }
    const result = normaliseResult(raw);
    if (!raw || !result) throw new CniError('empty-result', `network ${network.name} has no plugins`);
    return { result, raw, cacheFile: writeCache(runtime.cacheDir, network, attachment, raw) };
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    const left = await delAll(runtime, network, attachment, raw);
    const forgotten = error.kind === 'cache' ? forget(runtime, network, attachment) : [];
    throw joinErrors([error, ...left, ...forgotten]);
  }
}

/**
 * Removes an attachment: each plugin in reverse order, given the recorded result. Every plugin is tried.
 * Throws the CniErrors of those that failed, joined; the record stays until all have succeeded.
 * Pass the network and attachment that the cache recorded where it did (`readCache`).
 */
export async function del(runtime: CniRuntime, network: Network, attachment: Attachment): Promise<void> {
  const key = requireAttachment(network.name, attachment);
  const entry = readCache(runtime.cacheDir, key);
  const prevResult = entry.status === 'found' ? entry.cached.result : null;
  const error = joinErrors(await delAll(runtime, network, attachment, prevResult));
  if (error) throw error;
  removeCache(runtime.cacheDir, key);
}

/** A record may be in place although writing it failed in the end. */
function forget(runtime: CniRuntime, network: Network, attachment: Attachment): CniError[] {
  try {
    removeCache(runtime.cacheDir, requireAttachment(network.name, attachment));
    return [];
  } catch (error) {
    if (error instanceof CniError) return [error];
    throw error;
  }
}

function refuseSecondAdd(runtime: CniRuntime, network: Network, attachment: Attachment): void {
  const key = requireAttachment(network.name, attachment);
  const entry = readCache(runtime.cacheDir, key);
  if (entry.status !== 'found') return;
  const { name, file } = network;
  const message = `${describePlace({ network: name, file })}${key.ifName} of ${key.containerId} is attached already (${entry.cached.file}); remove that attachment first`;
  throw new CniError('already-attached', message, { network: name, file, command: 'ADD' });
}

/** DEL to every plugin in reverse order, whether or not one fails; not cut short by the signal. */
async function delAll(
  runtime: CniRuntime,
  network: Network,
  attachment: Attachment,
  prevResult: Record<string, unknown> | null,
): Promise<CniError[]> {
  const { signal: _, ...calm } = runtime;
  const known = isAtLeast(network.cniVersion, '0.4.0') ? prevResult : null;
  const errors: CniError[] = [];
  for (const index of [...network.plugins.keys()].reverse()) {
    try {
      await callPlugin(calm, requestOf(network, index, 'DEL', { attachment, prevResult: known }));
    } catch (error) {
      if (!(error instanceof CniError)) throw error;
      if (error.place.code !== CONTAINER_UNKNOWN) errors.push(error);
    }
  }
  return errors;
}
