import path from 'node:path';
import { isMissing, type ReadHost, systemCode } from '../host/read-host.ts';
import type { EndpointCandidate } from '../model/facts.ts';

const MAX_LINKS = 8;

/** The path of a unix endpoint (`unix:///run/x.sock`, `unix:/run/x.sock` or a bare path), else null. */
export function socketPath(endpoint: string): string | null {
  const scheme = ['unix://', 'unix:'].find((s) => endpoint.startsWith(s)) ?? '';
  const bare = endpoint.slice(scheme.length);
  return path.isAbsolute(bare) ? bare : null;
}

/** What is at a path of the node. A link counts as what it leads to, as it does for connect(2). */
export function socketState(host: ReadHost, socket: string): EndpointCandidate['state'] {
  let at = socket;
  try {
    for (let hops = 0; hops < MAX_LINKS; hops += 1) {
      const { type } = host.stat(at);
      if (type !== 'link') return type === 'socket' ? 'socket' : 'not-a-socket';
      at = path.resolve(path.dirname(at), host.readLink(at));
    }
  } catch (error) {
    if (isMissing(error)) return 'missing';
    if (systemCode(error) === 'EACCES' || systemCode(error) === 'EPERM') return 'denied';
  }
  return 'not-a-socket';
}
