import type { Collector, LookOptions } from '../../src/collect/collector.ts';
import { type Gathering, gather } from '../../src/collect/gather.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Daemon, FactName } from '../../src/model/facts.ts';
import { complete } from '../../src/model/outcome.ts';

/** A daemon as the daemons fact tells of it. */
export function daemon(kind: Daemon['kind'], flags: Daemon['flags'] = {}): Daemon {
  return { kind, pid: 100, startTicks: 1, state: 'S', exe: `/usr/bin/${kind}`, mnt: null, flags };
}

/** Stands for the look into /proc: these daemons run. */
export function running(...daemons: Daemon[]): Collector<'daemons'> {
  return { fact: 'daemons', summary: 'given', timeoutMs: 1000, collect: () => complete(daemons) };
}

/** Gathers facts of the node below `root` with these collectors. */
export function lookAt(
  root: string,
  collectors: readonly Collector[],
  names: readonly FactName[],
  look: Partial<LookOptions> = {},
): Promise<Gathering> {
  const options: LookOptions = { env: {}, rpcTimeoutMs: 5000, ...look };
  const host = createReadHost(root, { nsDevice: 4 });
  return gather(collectors, names, host, options, new AbortController().signal);
}
