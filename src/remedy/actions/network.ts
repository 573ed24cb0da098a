import fs from 'node:fs';
import { askingFor, type Attachment as CniAttachment, podArgs } from '../../cni/attachment.ts';
import { readCache, writeCache } from '../../cni/cache.ts';
import { check } from '../../cni/check.ts';
import { type Network, parseNetwork } from '../../cni/conf.ts';
import { CniError } from '../../cni/error.ts';
import { add, del } from '../../cni/network.ts';
import type { CniRuntime } from '../../cni/runtime.ts';
import type { Attachment, NetworkSpec, SandboxRecord } from '../../model/sandbox.ts';
import { probeNetworks } from '../../native/probe.ts';
import type { ActionContext, Done, RemedyContext } from '../context.ts';
import { writeHosts } from './files.ts';
import { required } from './native.ts';
import { type ActionOf, recordOf } from './records.ts';
import { runTool } from './tools.ts';

export const IF_NAME = 'eth0';
const NSFS_MAGIC = 0x6e736673;

type CniSpec = Extract<NetworkSpec, { kind: 'cni' }>;

/** What is written down before ADD begins: DEL is owed from then on. */
export function begunAttachment(record: SandboxRecord): Attachment {
  return {
    network: cniSpec(record).name,
    ifName: IF_NAME,
    state: 'begun',
    addresses: record.attachment?.addresses ?? [],
    interfaces: [],
    routes: [],
    result: null,
  };
}

/** Attaches a sandbox to its network. */
export async function cniAdd(
  { id, again, completes }: ActionOf<'cni-add'>,
  context: ActionContext,
): Promise<Done> {
  const record = recordOf(id, context);
  const spec = cniSpec(record);
  const begun = begunAttachment(record);
  const written =
    record.attachment?.state === 'begun' ? record : context.records.write({ ...record, attachment: begun });
  const wanted = attachmentOf(record);
  const added = await add(
    { ...runtimeOf(spec, context), signal: context.signal },
    networkOf(spec),
    again ? askingFor(wanted, begun.addresses) : wanted,
  );
  context.at('during');
  const attachment: Attachment = {
    ...begun,
    state: 'attached',
    addresses: added.result.ips.map((ip) => ip.address),
    interfaces: added.result.interfaces.map(({ name, mac, sandbox }) => ({
      name,
      mac,
      inside: sandbox !== '',
    })),
    routes: added.result.routes,
    result: added.raw,
  };
  const attached = { ...written, attachment, phase: completes ? ('ready' as const) : written.phase };
  writeHosts(attached, context.records.folderOf(id));
  context.records.write(attached);
  return 'done';
}

/** Detaches it. A result that the cache lost is put back from the record, for plugins need it on DEL. */
export async function cniDel({ id, again }: ActionOf<'cni-del'>, context: ActionContext): Promise<Done> {
  const record = recordOf(id, context);
  if (record.attachment === null) return 'nothing';
  const spec = cniSpec(record);
  const runtime = runtimeOf(spec, context);
  const network = networkOf(spec);
  const wanted = attachmentOf(record);
  const entry = readCache(runtime.cacheDir, { network: spec.name, containerId: id, ifName: IF_NAME });
  if (entry.status !== 'found' && record.attachment.result)
    writeCache(runtime.cacheDir, network, wanted, record.attachment.result);
  await del(runtime, network, netnsGone(wanted) ? { ...wanted, netns: '' } : wanted);
  context.at('during');
  const { attachment } = record;
  const kept: Attachment = { ...attachment, state: 'begun', interfaces: [], routes: [], result: null };
  context.records.write({ ...record, attachment: again ? kept : null });
  return 'done';
}

/** What a plugin says against the attachment on CHECK; null when all are content, or one cannot be asked. */
export async function checkNetwork(
  record: SandboxRecord,
  context: Pick<RemedyContext, 'cni'>,
): Promise<string | null> {
  if (record.attachment?.state !== 'attached') return null;
  const spec = cniSpec(record);
  try {
    await check(runtimeOf(spec, context), networkOf(spec), attachmentOf(record));
    return null;
  } catch (error) {
    if (error instanceof CniError) return error.kind === 'plugin-error' ? error.message : null;
    throw error;
  }
}

/** Removes the bridge of podctl's own network when nothing is on it any more, and the folder of its reservations. */
export async function dropNetwork(
  { bridge, folder }: ActionOf<'drop-network'>,
  context: ActionContext,
): Promise<Done> {
  const [probed] = required(await probeNetworks(['/proc/self/ns/net'], { signal: context.signal }));
  const links = probed?.network?.links ?? [];
  const own = links.find((link) => link.name === bridge && link.kind === 'bridge');
  if (!own || links.some((link) => link.master === own.index)) return 'nothing';
  await runTool(context, 'ip', ['link', 'delete', bridge]);
  fs.rmSync(folder, { recursive: true, force: true });
  return 'done';
}

function cniSpec({ spec, name }: SandboxRecord): CniSpec {
  if (spec.network.kind === 'cni') return spec.network;
  throw new Error(`sandbox ${name} has no network to attach: it was made with --network none`);
}

function networkOf({ conflist, file }: CniSpec): Network {
  return parseNetwork(conflist, { file: file === '' ? null : file, list: true });
}

function runtimeOf({ binDirs }: CniSpec, { cni }: Pick<RemedyContext, 'cni'>): CniRuntime {
  return { ...cni, binFolders: binDirs };
}

function attachmentOf({ id, name, spec, net }: SandboxRecord): CniAttachment {
  const { pod, ports, dns } = spec;
  const portMappings = ports.map(({ hostIp, ...port }) => ({
    ...port,
    ...(hostIp === '' ? {} : { hostIP: hostIp }),
  }));
  return {
    containerId: id,
    netns: net.path,
    ifName: IF_NAME,
    args: podArgs({ namespace: pod.namespace, name, id, ...(pod.uid === '' ? {} : { uid: pod.uid }) }),
    capabilityArgs: {
      ...(portMappings.length > 0 ? { portMappings } : {}),
      ...(dns.servers.length + dns.searches.length + dns.options.length > 0 ? { dns } : {}),
    },
  };
}

/** Plugins are told no path where nothing is pinned: they would take a bare file for a namespace. */
function netnsGone({ netns }: CniAttachment): boolean {
  try {
    return fs.statfsSync(netns).type !== NSFS_MAGIC;
  } catch {
    return true;
  }
}
