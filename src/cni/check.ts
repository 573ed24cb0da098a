import { type Attachment, requireAttachment } from './attachment.ts';
import { readCache } from './cache.ts';
import type { Network } from './conf.ts';
import { CniError, joinErrors } from './error.ts';
import { describePlace } from './find-plugin.ts';
import { callPlugin } from './plugin.ts';
import { requestOf } from './request.ts';
import { normaliseResult } from './result.ts';
import type { CniRuntime } from './runtime.ts';
import { isAtLeast } from './version.ts';

/** Why CHECK was not sent: `disabled` by the configuration, `unsupported` before version 0.4.0. */
export type Checked = 'passed' | 'disabled' | 'unsupported';

/**
 * Asks every plugin whether the attachment is as ADD left it. Each one is asked: those that are not content
 * are thrown joined. Throws CniError `not-attached` when no result of ADD is recorded.
 */
export async function check(runtime: CniRuntime, network: Network, attachment: Attachment): Promise<Checked> {
  const key = requireAttachment(network.name, attachment);
  if (network.disableCheck) return 'disabled';
  if (!isAtLeast(network.cniVersion, '0.4.0')) return 'unsupported';
  const entry = readCache(runtime.cacheDir, key);
  const prevResult = entry.status === 'found' ? entry.cached.result : null;
  if (!prevResult) {
    throw notAttached(network, entry.status === 'unreadable' ? entry.reason : 'no result of ADD is recorded');
  }
  const errors: CniError[] = [];
  for (const index of network.plugins.keys()) {
    try {
      await callPlugin(runtime, requestOf(network, index, 'CHECK', { attachment, prevResult }));
    } catch (error) {
      if (!(error instanceof CniError)) throw error;
      if (!isPortmapsOwnFault(error, prevResult)) errors.push(error);
    }
  }
  const error = joinErrors(errors);
  if (error) throw error;
  return 'passed';
}

/** portmap 1.1 misses the IPv6 rules of pods that have no IPv6 address, for which it never made any. */
function isPortmapsOwnFault(error: CniError, result: Record<string, unknown>): boolean {
  const { plugin, code } = error.place;
  if (plugin !== 'portmap' || code === null || !error.message.includes('could not check ipv6 dnat'))
    return false;
  return !(normaliseResult(result)?.ips ?? []).some(({ address }) => address.includes(':'));
}

function notAttached({ name, file }: Network, why: string): CniError {
  const where = describePlace({ network: name, file });
  const message = `${where}CHECK has nothing to compare with: ${why}; remove the attachment and add it again`;
  return new CniError('not-attached', message, { network: name, file, command: 'CHECK' });
}
