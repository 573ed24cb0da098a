import { NAMESPACE_MODES, type NamespaceModes, type PodConfig } from '../../model/pod-config.ts';
import type { SandboxSpec } from '../../model/sandbox.ts';
import type { PodFile } from '../pod-file.ts';

const PROTOCOLS: Record<SandboxSpec['ports'][number]['protocol'], number> = { tcp: 0, udp: 1, sctp: 2 };

/** What a runtime is asked for, as podctl's own sandboxes are specified. */
export interface PodWish {
  name: string;
  spec: Omit<SandboxSpec, 'network'>;
  hostNetwork: boolean;
  /** From a pod file; null without one. */
  runtime: PodFile['runtime'] | null;
  /** For a file that names none: a runtime with systemd's cgroups takes no other. */
  cgroupParent: string;
}

/** The configuration of the sandbox that was asked for. */
export function podConfig({ name, spec, hostNetwork, runtime, cgroupParent }: PodWish): PodConfig {
  const { pod, dns, ports, labels, annotations, sysctls } = spec;
  const asksDns = dns.servers.length + dns.searches.length + dns.options.length > 0;
  const namespaceOptions = modesOf(spec, hostNetwork, runtime?.modes);
  // A pod in the host's network has its hostname, too.
  const ownHostname = namespaceOptions.network === NAMESPACE_MODES.NODE ? '' : name;
  return {
    metadata: { name, ...pod },
    hostname: spec.hostname === '' ? ownHostname : spec.hostname,
    logDirectory: runtime?.logDirectory ?? '',
    // Without it a runtime gives the host's.
    ...(asksDns ? { dnsConfig: dns } : {}),
    portMappings: ports.map(({ protocol, ...port }) => ({ ...port, protocol: PROTOCOLS[protocol] })),
    labels,
    annotations,
    linux: {
      cgroupParent: runtime?.cgroupParent || cgroupParent,
      sysctls,
      securityContext: { privileged: runtime?.privileged ?? false, namespaceOptions },
    },
  };
}

function modesOf(
  { sharePid }: PodWish['spec'],
  hostNetwork: boolean,
  modes: NamespaceModes | undefined,
): NamespaceModes {
  const { POD, CONTAINER, NODE } = NAMESPACE_MODES;
  return {
    network: hostNetwork ? NODE : (modes?.network ?? POD),
    ipc: modes?.ipc ?? POD,
    pid: modes?.pid === NODE ? NODE : sharePid ? POD : CONTAINER,
  };
}
