import type { Daemon, HostFact, RuntimeConfigFact } from '../model/facts.ts';
import { sameRunPath } from './process.ts';

/**
 * The daemon that serves an endpoint; undefined when none is known to. Several may run on one node (Docker
 * brings a containerd of its own), so being a containerd is not enough: its flag must name the socket, or the
 * configuration that was read for the endpoint. Only where nothing is configured does a single one do.
 */
export function servingDaemon(
  endpoint: string,
  daemons: Daemon[] | undefined,
  config: RuntimeConfigFact | undefined,
  host: HostFact | undefined,
): Daemon | undefined {
  const runtimes = (daemons ?? []).filter((d) => d.kind !== 'kubelet' && d.kind !== 'dockerd');
  const flagged = runtimes.find((d) => sameRunPath(d.flags.address ?? d.flags.listen ?? '', endpoint));
  if (flagged) return flagged;
  if (endpoint.includes('cri-dockerd')) return runtimes.find((d) => d.kind === 'cri-dockerd');
  if (config && host) {
    if (!sameRunPath(config.address, endpoint)) return undefined;
    return runtimes.find((d) => startedAt(host, d) === config.daemonStartedAt);
  }
  const [only, ...others] = runtimes.filter((d) => d.flags.address === undefined);
  return others.length === 0 ? only : undefined;
}

/** The same sum as in the configuration's fact: equal for the same process. */
function startedAt({ bootTime, ticksPerSecond }: HostFact, { startTicks }: Daemon): number {
  return bootTime + (startTicks / ticksPerSecond) * 1000;
}
