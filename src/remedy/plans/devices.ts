import type { NetworksFact } from '../../model/facts.ts';
import type { NsId } from '../../model/namespace.ts';

/** Links that the kernel puts into every new namespace once a tunnel module is loaded. */
const FALLBACK = /^(tunl0|sit0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|ip6tnl0|ip6gre0|teql0)$/;

/**
 * What is in a namespace besides veths and loopback, in words: a device of the node would be lost or come back in
 * an odd state. Null when there is nothing of the kind.
 */
export function foreignDevices(networks: NetworksFact | undefined, ns: NsId): string | null {
  const seen = networks?.pods.find((pod) => pod.ns === ns)?.seen;
  if (!seen) return 'nobody can see what is';
  const others = seen.links.filter(
    ({ kind, loopback, name }) => !loopback && kind !== 'veth' && !FALLBACK.test(name),
  );
  if (others.length === 0) return null;
  const names = others.map(({ name, kind }) => `${name} (${kind === '' ? 'a device' : kind})`);
  return `${names.join(', ')} ${others.length === 1 ? 'is' : 'are'}`;
}
