import type { PublishedPort } from '../model/netns-report.ts';
import { isObject } from '../model/shape.ts';
import { decodeCache } from './cache-format.ts';

const MAX_PORT = 65_535;

/** The host ports that a cache file says were asked for; none where it cannot be read. */
export function publishedPorts(content: string, file: string): PublishedPort[] {
  const read = decodeCache(content, file, null);
  const mappings: unknown =
    read.status === 'found' ? read.cached.attachment.capabilityArgs?.portMappings : undefined;
  return Array.isArray(mappings) ? mappings.flatMap(portOf) : [];
}

function portOf(mapping: unknown): PublishedPort[] {
  if (!isObject(mapping)) return [];
  const { hostPort, containerPort, protocol, hostIP } = mapping;
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

/** Kubelet writes 0 for a port that is not published. */
function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_PORT;
}
