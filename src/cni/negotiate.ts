import { isObject } from '../model/shape.ts';
import { type Network, withVersion } from './conf.ts';
import { CniError } from './error.ts';
import { describePlace } from './find-plugin.ts';
import { parseJson } from './json.ts';
import { blame, callPlugin, type PluginCall } from './plugin.ts';
import type { CniRuntime } from './runtime.ts';
import { CNI_VERSIONS, FIRST_VERSION } from './version.ts';

/** Versions that a plugin says it speaks, as it says them. Throws CniError; `garbage` when it says nothing of use. */
export async function pluginVersions(
  runtime: CniRuntime,
  type: string,
  from: Pick<Network, 'name' | 'file'> | null = null,
): Promise<string[]> {
  const conf = { cniVersion: CNI_VERSIONS.at(-1) };
  const place = { network: from?.name ?? null, file: from?.file ?? null };
  const call: PluginCall = { command: 'VERSION', type, ...place, attachment: null, conf };
  const said = await ask(runtime, call);
  if (said === null) return [FIRST_VERSION];
  const parsed = parseJson(said);
  const list = parsed.ok && isObject(parsed.value) ? parsed.value.supportedVersions : undefined;
  if (!Array.isArray(list))
    throw blame(call, 'garbage', 'names no versions on VERSION', 'replace the plugin');
  return list.filter((version) => typeof version === 'string');
}

/**
 * The network with the highest version that the configuration and all its plugins (IPAM included) speak.
 * Throws CniError `unsupported-version`, naming each plugin that lacks what the configuration wants.
 */
export async function negotiate(runtime: CniRuntime, network: Network): Promise<Network> {
  const types = new Set(network.plugins.flatMap(({ type, ipam }) => (ipam === null ? [type] : [type, ipam])));
  const spoken = await Promise.all(
    [...types].map(async (type) => ({ type, versions: await pluginVersions(runtime, type, network) })),
  );
  const common = network.versions.filter((v) => spoken.every(({ versions }) => versions.includes(v)));
  const highest = common.at(-1);
  if (highest !== undefined) return withVersion(network, highest);
  const { name, file } = network;
  const lacking = spoken
    .filter(({ versions }) => !network.versions.some((v) => versions.includes(v)))
    .map(({ type, versions }) => `plugin ${type} speaks ${versions.join(', ') || 'none'}`);
  const cause = lacking.length > 0 ? lacking.join('; ') : 'its plugins have no version in common';
  const message = `${describePlace({ network: name, file })}wants CNI ${network.versions.join(' or ')}, but ${cause}; name a cniVersion that all speak, or newer plugins`;
  throw new CniError('unsupported-version', message, { network: name, file, command: 'VERSION' });
}

/** Null: a plugin from before VERSION. */
async function ask(runtime: CniRuntime, call: PluginCall): Promise<string | null> {
  try {
    return await callPlugin(runtime, call);
  } catch (error) {
    if (error instanceof CniError && error.message.includes('unknown CNI_COMMAND: VERSION')) return null;
    throw error;
  }
}
