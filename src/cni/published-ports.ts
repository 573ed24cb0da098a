import type { PublishedPort } from '../model/netns-report.ts';
import { isObject } from '../model/shape.ts';
import { decodeCache } from './cache-format.ts';

const MAX_PORT = 65_535;

/** The host ports that a cache file says were asked for; none where it cannot be read. */
export function publishedPorts(content: string, file: string): PublishedPort[] {
  const read = decodeCache(content, file, null);
  return read.status === 'found' ? portsAskedFor(read.cached.attachment.capabilityArgs) : [];
}

/** The same, of what the file has as `capabilityArgs`. */
export function portsAskedFor(capabilityArgs: unknown): PublishedPort[] {
  const mappings = isObject(capabilityArgs) ? capabilityArgs.portMappings : undefined;
  return Array.isArray(mappings) ? mappings.flatMap(portOf) : [];
}

function portOf(mapping: unknown): PublishedPort[] {
  if (!isObject(mapping)) return [];
  const [hostPort, containerPort, protocol, hostIP] = ['hostPort', 'containerPort', 'protocol', 'hostIP'].map(
    (key) => fieldOf(mapping, key),
  );
  if (!isPort(hostPort) || !isPort(containerPort)) return [];
  return [
    {
      protocol: typeof protocol === 'string' ? protocol.toLowerCase() : 'tcp',
      hostIp: typeof hostIP === 'string' ? hostIP : '',
      hostPort,
      containerPort,
    },
  ];
}

/** containerd writes its keys in capitals, which Go reads all the same. */
function fieldOf(mapping: Record<string, unknown>, key: string): unknown {
  const same = Object.keys(mapping).find((one) => one.toLowerCase() === key.toLowerCase());
  return mapping[Object.hasOwn(mapping, key) ? key : (same ?? key)];
}

/** Kubelet writes 0 for a port that is not published. */
function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_PORT;
}
