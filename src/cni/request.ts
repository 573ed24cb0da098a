import { isObject } from '../model/shape.ts';
import type { Attachment } from './attachment.ts';
import type { Network } from './conf.ts';
import type { CniCommand } from './error.ts';
import type { PluginCall } from './plugin.ts';
import { resultAs } from './result.ts';

/** Keys that the runtime alone may set; `capabilities` is for the runtime's eyes. */
const RESERVED = new Set(['capabilities', 'runtimeConfig', 'prevResult']);

/** What a call adds to a plugin's configuration. */
export interface RequestExtras {
  attachment?: Attachment;
  prevResult?: Record<string, unknown> | null;
  /** Keys below `cni.dev/`, for GC. */
  injected?: Record<string, unknown>;
}

/** The call of one plugin of a network, its configuration derived as the specification says. */
export function requestOf(
  network: Network,
  index: number,
  command: CniCommand,
  extras: RequestExtras = {},
): PluginCall {
  const { attachment = null, prevResult, injected = {} } = extras;
  const conf = network.secret().plugins[index] ?? {};
  const kept = Object.entries(conf).filter(([key]) => !RESERVED.has(key) && !key.startsWith('cni.dev/'));
  const runtimeConfig = attachment ? wantedCapabilities(network, index, attachment) : {};
  return {
    command,
    type: network.plugins[index]?.type ?? '',
    network: network.name,
    file: network.file,
    attachment,
    conf: {
      ...Object.fromEntries(kept),
      ...injected,
      ...argsWith(conf.args, attachment?.cniArgs),
      ...(Object.keys(runtimeConfig).length > 0 ? { runtimeConfig } : {}),
      ...(prevResult ? { prevResult: resultAs(prevResult, network.cniVersion) } : {}),
      name: network.name,
      cniVersion: network.cniVersion,
    },
  };
}

/** What the plugin declared and the attachment asks for. */
function wantedCapabilities(
  network: Network,
  index: number,
  attachment: Attachment,
): Record<string, unknown> {
  const asked = attachment.capabilityArgs ?? {};
  const both = (network.plugins[index]?.capabilities ?? []).filter((key) => asked[key] !== undefined);
  return Object.fromEntries(both.map((key) => [key, asked[key]]));
}

/** The key `args`, ours below `args.cni` beside what the configuration has there. */
function argsWith(own: unknown, cniArgs: Record<string, unknown> | undefined): { args?: unknown } {
  if (!cniArgs || Object.keys(cniArgs).length === 0) return {};
  const args = isObject(own) ? own : {};
  return { args: { ...args, cni: { ...(isObject(args.cni) ? args.cni : {}), ...cniArgs } } };
}
