import { CniError } from './error.ts';
import { type AttachmentKey, quoted, requireKey } from './names.ts';

/** A published port; hostIP empty for all addresses. */
export interface PortMapping {
  hostPort: number;
  containerPort: number;
  protocol: 'tcp' | 'udp' | 'sctp';
  hostIP?: string;
}

/** Capability arguments by the names that plugins declare; a plugin gets those that it declared. */
export interface CapabilityArgs {
  portMappings?: PortMapping[];
  /** Bits a second, bursts in bits. */
  bandwidth?: { ingressRate?: number; ingressBurst?: number; egressRate?: number; egressBurst?: number };
  ips?: string[];
  ipRanges?: { subnet: string; rangeStart?: string; rangeEnd?: string; gateway?: string }[][];
  mac?: string;
  dns?: { servers?: string[]; searches?: string[]; options?: string[] };
  infinibandGUID?: string;
  deviceID?: string;
  aliases?: string[];
  cgroupPath?: string;
  /** Others that a runtime wrote into the cache. */
  [other: string]: unknown;
}

/** What one attachment asks for: the same for ADD, CHECK and DEL. */
export interface Attachment {
  containerId: string;
  /** Path of the network namespace; '' on DEL when it is gone. */
  netns: string;
  /** Name of the interface inside, mostly eth0. */
  ifName: string;
  /** CNI_ARGS in order. */
  args?: readonly (readonly [string, string])[];
  capabilityArgs?: CapabilityArgs;
  /** `args.cni` of the configuration: labels, ips. */
  cniArgs?: Record<string, unknown>;
}

/** CNI_ARGS that tell plugins which pod this is, as kubelet's runtimes do. */
export function podArgs(pod: {
  namespace: string;
  name: string;
  id: string;
  uid?: string;
}): [string, string][] {
  return [
    ['IgnoreUnknown', '1'],
    ['K8S_POD_NAMESPACE', pod.namespace],
    ['K8S_POD_NAME', pod.name],
    ['K8S_POD_INFRA_CONTAINER_ID', pod.id],
    ...(pod.uid === undefined ? [] : ([['K8S_POD_UID', pod.uid]] as [string, string][])),
  ];
}

/**
 * The same attachment asking for addresses that it had (`10.87.0.5/24`): the first as CNI_ARGS `IP`, all of
 * them as `args.cni.ips` and capability `ips`, so that every IPAM plugin finds the form that it reads.
 */
export function askingFor(attachment: Attachment, addresses: readonly string[]): Attachment {
  const [first] = addresses;
  if (first === undefined) return attachment;
  const others = (attachment.args ?? []).filter(([key]) => key !== 'IP' && key !== 'IgnoreUnknown');
  return {
    ...attachment,
    args: [['IgnoreUnknown', '1'], ...others, ['IP', first]],
    cniArgs: { ...attachment.cniArgs, ips: [...addresses] },
    capabilityArgs: { ...attachment.capabilityArgs, ips: [...addresses] },
  };
}

/** CNI_ARGS as one string. */
export function argsText(attachment: Attachment): string {
  return (attachment.args ?? []).map(([key, value]) => `${key}=${value}`).join(';');
}

/** Throws CniError `bad-argument` for what plugins would refuse or misread. */
export function requireAttachment(network: string, attachment: Attachment): AttachmentKey {
  const key = { network, containerId: attachment.containerId, ifName: attachment.ifName };
  requireKey(key);
  const { netns } = attachment;
  if (netns !== '' && (!netns.startsWith('/') || netns.includes('\0'))) {
    throw bad(network, `network namespace ${quoted(netns)} is no absolute path: give one`);
  }
  for (const [name, value] of attachment.args ?? []) {
    if (!/^\w+$/.test(name))
      throw bad(network, `CNI argument ${quoted(name)} is not alphanumeric: rename it`);
    if (/[;=\0\n]/.test(value)) {
      throw bad(network, `CNI argument ${name} may hold no ";", "=" or line break: change its value`);
    }
  }
  return key;
}

function bad(network: string, message: string): CniError {
  return new CniError('bad-argument', message, { network });
}
