import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { Containerd } from './containerd.ts';
import { textOf } from './files.ts';
import { makePod, type Pod, stopPod } from './pods.ts';
import { until } from './process.ts';

/** The rig's own network configuration. */
export const confOf = ({ confDir }: Containerd) => path.join(confDir, '10-rig.conflist');
/** Its folder of plugins, once it has one of its own. */
export const binOf = ({ dir }: Containerd) => path.join(dir, 'bin');

/** Gives the rig a folder of plugins of its own, copies of the real ones, and has containerd use it. */
export async function ownPlugins(containerd: Containerd): Promise<string> {
  const folder = binOf(containerd);
  const { cniBin } = containerd.runtime;
  fs.mkdirSync(folder, { mode: 0o755 });
  for (const name of fs.readdirSync(cniBin)) {
    fs.copyFileSync(path.join(cniBin, name), path.join(folder, name));
    fs.chmodSync(path.join(folder, name), 0o755);
  }
  containerd.paths.cniBin = folder;
  await containerd.restart();
  return folder;
}

/** Writes a file of the folder of configurations; gives its path when the runtime has looked at it. */
export async function writeConf(containerd: Containerd, name: string, content: unknown): Promise<string> {
  const file = path.join(containerd.confDir, name);
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  await loaded();
  return file;
}

/** The rig's configuration with another version, or another list of plugins. */
export async function rewriteConf(containerd: Containerd, change: Record<string, unknown>): Promise<string> {
  const conf = JSON.parse(textOf(confOf(containerd))) as Record<string, unknown>;
  return writeConf(containerd, path.basename(confOf(containerd)), { ...conf, ...change });
}

export async function removeConf(containerd: Containerd): Promise<void> {
  fs.rmSync(confOf(containerd));
  await networkIs(containerd, false);
}

/** Replaces the folder of configurations by one with the same file: the runtime watches the old one. */
export async function replaceConfFolder(containerd: Containerd): Promise<string> {
  const file = confOf(containerd);
  const text = textOf(file);
  fs.rmSync(containerd.confDir, { recursive: true });
  await networkIs(containerd, false);
  fs.mkdirSync(containerd.confDir);
  fs.writeFileSync(file, text);
  return file;
}

/** Makes a file look as if it was written some minutes ago. */
export function age(file: string): void {
  const then = new Date(Date.now() - 300_000);
  fs.utimesSync(file, then, then);
}

/** Waits until the runtime says that its network is ready, or that it is not. */
export async function networkIs({ session }: Containerd, ready: boolean): Promise<void> {
  await until('the runtime to say so of its network', async () => {
    const { status } = await session.call('Status', (c, o) => c.runtime.status({}, o));
    return status?.conditions.find(({ type }) => type === 'NetworkReady')?.status === ready;
  });
}

/** The runtime reads what is written within a moment, and does not say when. */
function loaded(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000));
}

/** A pod that cannot be made; gives why. */
export async function failedPod(containerd: Containerd, name: string): Promise<string> {
  return refusal(makePod(containerd, { name, containers: [] }));
}

/** A sandbox that cannot be stopped; gives why. */
export async function failedStop(containerd: Containerd, { id }: Pod): Promise<string> {
  return refusal(stopPod(containerd, id));
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return String(error);
  }
  throw new Error('it worked, and should not have');
}

/** A program for another machine: the same one, with another number in its header. */
export function forOtherMachine(program: string): void {
  const elf = fs.readFileSync(program);
  elf.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
  fs.rmSync(program);
  fs.writeFileSync(program, elf, { mode: 0o755 });
}

/** A socket file that nobody listens on any more, as a killed agent leaves it. */
export async function deafSocket(file: string): Promise<void> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(`${file}.new`, resolve));
  fs.renameSync(`${file}.new`, file);
  await new Promise((resolve) => server.close(resolve));
}

/**
 * A plugin that behaves as flannel's and Calico's do: ADD fails without the agent's file, and the bridge does the
 * work. As flannel's does it notes, for each container, what it handed over, and DEL fails when that is damaged.
 */
export function standIn(containerd: Containerd, type: string, needs: string, notes: string): void {
  const { cniNetwork: name, bridge, ipamDir: dataDir, subnet } = containerd;
  const ipam = { type: 'host-local', dataDir, ranges: [[{ subnet }]] };
  const conf = { cniVersion: '1.0.0', name, type: 'bridge', bridge, isGateway: true, ipam };
  const script = `#!/bin/sh
note=${notes}/$CNI_CONTAINERID
fail() {
  echo '{"cniVersion":"1.0.0","code":100,"msg":"'"$1"'"}'
  exit 1
}
case $CNI_COMMAND in
VERSION) echo '{"cniVersion":"1.0.0","supportedVersions":["0.3.1","0.4.0","1.0.0"]}' ;;
ADD)
  [ -e ${needs} ] || fail 'open ${needs}: no such file or directory'
  mkdir -p ${notes}
  echo '${JSON.stringify(conf)}' >"$note"
  exec ${binOf(containerd)}/bridge <"$note"
  ;;
DEL)
  [ -e "$note" ] || exit 0
  [ -s "$note" ] || fail 'failed to parse netconf: unexpected end of JSON input'
  ${binOf(containerd)}/bridge <"$note" && rm "$note"
  ;;
esac
`;
  fs.writeFileSync(path.join(binOf(containerd), type), script, { mode: 0o755 });
}

/** The pod network by a plugin that stands for flannel's; gives its agent's file and its folder of notes. */
export async function flannel(containerd: Containerd): Promise<{ state: string; notes: string }> {
  await ownPlugins(containerd);
  const [state, notes] = [path.join(containerd.dir, 'subnet.env'), path.join(containerd.dir, 'flannel')];
  standIn(containerd, 'flannel', state, notes);
  fs.writeFileSync(state, `FLANNEL_SUBNET=${containerd.subnet}\n`);
  await rewriteConf(containerd, { plugins: [{ type: 'flannel', subnetFile: state, dataDir: notes }] });
  return { state, notes };
}

/** Flannel with its agent, and before it the configuration that a removed Cilium left. Gives that file. */
export async function leaveCilium(containerd: Containerd): Promise<string> {
  await flannel(containerd);
  await makePod(containerd, { name: 'flannel', containers: [{ name: 'kube-flannel' }] });
  standIn(containerd, 'cilium-cni', '/var/run/cilium/cilium.sock', path.join(containerd.dir, 'none'));
  const conf = { cniVersion: '0.3.1', name: 'cilium', plugins: [{ type: 'cilium-cni' }] };
  return writeConf(containerd, '05-cilium.conflist', conf);
}

/** A kubeconfig with a token that expires then. Its signature is none. */
export function writeKubeconfig(file: string, expiresAt: number): void {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'none' })}.${part({ exp: Math.floor(expiresAt / 1000) })}.c2lnbmF0dXJl`;
  const config = {
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'local', user: 'plugin' } }],
    users: [{ name: 'plugin', user: { token } }],
  };
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
}

/** A plugin that is there, knows the version, and makes no network: its agent does not answer, as it says. */
export async function brokenBridge(containerd: Containerd): Promise<void> {
  const bridge = path.join(await ownPlugins(containerd), 'bridge');
  const versions = '{"cniVersion":"1.0.0","supportedVersions":["0.3.1","0.4.0","1.0.0"]}';
  const refused = '{"cniVersion":"1.0.0","code":11,"msg":"the agent does not answer"}';
  fs.writeFileSync(
    bridge,
    `#!/bin/sh\ncase $CNI_COMMAND in\nADD) echo '${refused}'; exit 1;;\nVERSION) echo '${versions}';;\nesac\n`,
  );
}
