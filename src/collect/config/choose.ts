import type { ReadHost } from '../../host/read-host.ts';
import type { Daemon, EndpointsFact, RuntimeFact } from '../../model/facts.ts';
import { isThere, layoutFor, samePath } from './layout.ts';

/** Which runtime's configuration is wanted, and whose. */
export interface Choice {
  runtime: 'containerd' | 'crio';
  /** Its daemons that run, the one that serves the endpoint first if a flag says so. */
  daemons: Daemon[];
  endpoint: string | null;
  /** Version, where the runtime answered. */
  version: string | null;
}

export const CRIO_FILE = '/etc/crio/crio.conf';
export const CRIO_FOLDER = '/etc/crio/crio.conf.d';

const NAMES: Readonly<Record<string, Choice['runtime']>> = { containerd: 'containerd', 'cri-o': 'crio' };

/**
 * The runtime that answered; else the one whose socket was chosen, that runs, or that has files.
 * A text says why there is none.
 */
export function chooseRuntime(
  host: ReadHost,
  answered: RuntimeFact | undefined,
  endpoints: EndpointsFact | undefined,
  running: readonly Daemon[],
): Choice | string {
  const endpoint = answered?.endpoint ?? endpoints?.chosen?.path ?? null;
  const alive = running.filter((daemon) => daemon.state !== 'Z' && daemon.state !== 'X');
  const runtime = answered ? NAMES[answered.name] : guess(host, endpoint, alive);
  if (runtime === undefined) {
    if (answered) return `${answered.name} has no configuration file that says what sandboxes are made from`;
    return 'neither containerd nor CRI-O runs, answers, or has a configuration file';
  }
  const own = alive.filter((daemon) => daemon.kind === runtime);
  const serving = own.find((daemon) => endpoint !== null && samePath(socketFlag(daemon), endpoint));
  return {
    runtime,
    daemons: serving ? [serving] : own,
    endpoint,
    version: answered?.version ?? null,
  };
}

function guess(
  host: ReadHost,
  endpoint: string | null,
  alive: readonly Daemon[],
): Choice['runtime'] | undefined {
  const serving = alive.find((daemon) => endpoint !== null && samePath(socketFlag(daemon), endpoint));
  const kinds: Daemon['kind'][] = serving ? [serving.kind] : [];
  if (endpoint?.includes('cri-dockerd')) kinds.push('cri-dockerd');
  if (endpoint?.includes('crio')) kinds.push('crio');
  if (endpoint?.includes('containerd')) kinds.push('containerd');
  kinds.push(
    ...alive.map((daemon) => daemon.kind).filter((kind) => kind === 'containerd' || kind === 'crio'),
  );
  if (isThere(host, layoutFor(host, endpoint).file)) kinds.push('containerd');
  if (isThere(host, CRIO_FILE) || isThere(host, CRIO_FOLDER)) kinds.push('crio');
  return kinds[0] === 'containerd' || kinds[0] === 'crio' ? kinds[0] : undefined;
}

function socketFlag({ kind, flags }: Daemon): string {
  return ((kind === 'crio' ? flags.listen : flags.address) ?? '').replace(/^unix:\/\//, '');
}
