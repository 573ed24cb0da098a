import type { Daemon, HostFact, RuntimeConfigFact, RuntimeFact, RuntimeLog } from '../model/facts.ts';
import { servingDaemon } from './daemon.ts';

/** What helps to find the log; undefined for what was not seen. */
export interface LogWitnesses {
  logs: RuntimeLog[] | undefined;
  daemons: Daemon[] | undefined;
  host: HostFact | undefined;
}

/** The log of the daemon that serves this runtime's endpoint; undefined when none is known to be its. */
export function servingLog(
  { endpoint }: RuntimeFact,
  config: RuntimeConfigFact | undefined,
  { logs, daemons, host }: LogWitnesses,
): RuntimeLog | undefined {
  const daemon = servingDaemon(endpoint, daemons, config, host);
  return daemon && logs?.find((log) => log.pid === daemon.pid);
}
