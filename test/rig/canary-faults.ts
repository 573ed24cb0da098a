import fs from 'node:fs';
import path from 'node:path';
import { confOf, networkIs, ownPlugins, rewriteConf } from './cni-faults.ts';
import { cniConflist } from './config.ts';
import type { Containerd } from './containerd.ts';
import { textOf } from './files.ts';
import { makePod } from './pods.ts';

interface Conflist {
  plugins: { ipam: Record<string, unknown> }[];
}

/** The rig's configuration with other settings of its IPAM plugin. */
async function withIpam(containerd: Containerd, change: Record<string, unknown>): Promise<void> {
  const { plugins } = JSON.parse(textOf(confOf(containerd))) as Conflist;
  const [bridge, ...others] = plugins;
  await rewriteConf(containerd, {
    plugins: [{ ...bridge, ipam: { ...bridge?.ipam, ...change } }, ...others],
  });
}

/** One plugin of the rig is not there. */
export async function withoutPlugin(containerd: Containerd, type: string): Promise<void> {
  fs.rmSync(path.join(await ownPlugins(containerd), type));
}

export function putPluginBack({ runtime, paths }: Containerd, type: string): void {
  fs.copyFileSync(path.join(runtime.cniBin, type), path.join(paths.cniBin, type));
  fs.chmodSync(path.join(paths.cniBin, type), 0o755);
}

/** The rig's configuration as it was when the rig was made. */
export async function putConfBack(containerd: Containerd): Promise<void> {
  const { cniNetwork, bridge, subnet, ipamDir } = containerd;
  fs.writeFileSync(confOf(containerd), cniConflist(cniNetwork, bridge, subnet, ipamDir));
  await networkIs(containerd, true);
}

/** The bridge plugin answers every ADD with an error. */
export async function failingPlugin(containerd: Containerd, message: string): Promise<void> {
  const plugin = path.join(await ownPlugins(containerd), 'bridge');
  const script = `#!/bin/sh
case $CNI_COMMAND in
VERSION) echo '{"cniVersion":"1.0.0","supportedVersions":["0.4.0","1.0.0"]}' ;;
ADD)
  echo '{"cniVersion":"1.0.0","code":100,"msg":"${message}"}'
  exit 1
  ;;
esac
`;
  fs.rmSync(plugin);
  fs.writeFileSync(plugin, script, { mode: 0o755 });
}

/** The bridge plugin never comes to an end of any ADD. */
export async function hangingPlugin(containerd: Containerd): Promise<void> {
  const plugin = path.join(await ownPlugins(containerd), 'bridge');
  const script = `#!/bin/sh
case $CNI_COMMAND in
VERSION) echo '{"cniVersion":"1.0.0","supportedVersions":["0.4.0","1.0.0"]}' ;;
ADD) exec sleep 30 ;;
esac
`;
  fs.rmSync(plugin);
  fs.writeFileSync(plugin, script, { mode: 0o755 });
}

/** A range of one address, and a pod that has it. */
export async function fullRange(containerd: Containerd): Promise<void> {
  const { subnet, prefix } = containerd;
  const only = `${prefix}0.10`;
  await withIpam(containerd, { ranges: [[{ subnet, rangeStart: only, rangeEnd: only }]] });
  await makePod(containerd, { name: 'last' });
}

/** The bridge has its address from another subnet than the configuration names by now. */
export async function bridgeOfAnotherSubnet(containerd: Containerd): Promise<void> {
  await makePod(containerd, { name: 'first' });
  const dataDir = path.join(containerd.dir, 'ipam-of-another-subnet');
  await withIpam(containerd, { dataDir, ranges: [[{ subnet: `${containerd.prefix}128.0/24` }]] });
}

/** The configuration gives pods no way out. */
export async function withoutRoutes(containerd: Containerd): Promise<void> {
  await withIpam(containerd, { routes: [] });
}

/** Names a plugin of Calico first in its chain; what it does is the bridge's work. */
export async function calicoFirst(containerd: Containerd): Promise<void> {
  const folder = await ownPlugins(containerd);
  fs.copyFileSync(path.join(folder, 'bridge'), path.join(folder, 'calico'));
  const { plugins } = JSON.parse(textOf(confOf(containerd))) as Conflist;
  await rewriteConf(containerd, { plugins: [{ ...plugins[0], type: 'calico' }] });
}
