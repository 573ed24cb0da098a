import type { Check } from '../../../src/model/check.ts';
import type { CniConfFile, Container, Facts } from '../../../src/model/facts.ts';
import { emptyNode, judge, NOW } from '../../support/node.ts';

export const FOLDER = '/etc/cni/net.d';
export const WINNER = `${FOLDER}/10-podnet.conflist`;

/** A node with containerd whose network is not ready, as it says itself. */
export function withoutNetwork(message: string, ...cniLoadErrors: string[]): Facts {
  const node = emptyNode();
  node.runtime.conditions = [
    { type: 'NetworkReady', status: false, reason: 'NetworkPluginNotReady', message },
  ];
  node.runtime.cniLoadErrors = cniLoadErrors;
  return node;
}

/** A configuration of one plugin. */
export function conf(
  name: string,
  network: string,
  type: string,
  more: Partial<CniConfFile> = {},
): CniConfFile {
  const plugins = [{ type, bridge: null, ipam: null }];
  const base = { path: `${FOLDER}/${name}`, name: network, cniVersion: '1.0.0', versions: ['1.0.0'] };
  return { ...base, plugins, problem: '', mtime: NOW - 86_400_000, ...more };
}

/** A running container of that name, started so long ago. */
export function agent(name: string, age = 86_400_000): Container {
  const ids = { id: name.padEnd(64, '0'), sandboxId: '', image: '', imageRef: '' };
  return { ...ids, name, attempt: 0, state: 'running', createdAt: NOW - age };
}

/** What a check says of a node: each message with its severity. */
export async function said(check: Check, node: Facts, minAgeMs = 60_000): Promise<string[]> {
  const { findings } = await judge(check, node, {}, { minAgeMs });
  return findings.map(({ severity, message }) => `${severity}: ${message}`);
}
