import type { Daemon, DaemonKind, EndpointCandidate, EndpointsFact } from '../model/facts.ts';
import { complete, type Problem } from '../model/outcome.ts';
import type { CollectContext, Collector, LookOptions } from './collector.ts';
import { readCrictlChoice } from './crictl-yaml.ts';
import { RUNTIME_KINDS, runtimeTraces } from './runtime-traces.ts';
import { socketPath, socketState } from './socket-state.ts';

const CRICTL_CONFIG = '/etc/crictl.yaml';

const WELL_KNOWN = [
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/var/run/cri-dockerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
  '/run/k0s/containerd.sock',
];

const DEFAULT_SOCKET: Partial<Record<DaemonKind, string>> = {
  containerd: '/run/containerd/containerd.sock',
  crio: '/run/crio/crio.sock',
  'cri-dockerd': '/var/run/cri-dockerd.sock',
};

const ADDRESS_FLAG: Partial<Record<DaemonKind, string>> = {
  containerd: 'address',
  crio: 'listen',
  'cri-dockerd': 'container-runtime-endpoint',
};

interface Named {
  endpoint: string;
  source: EndpointCandidate['source'];
}

/** Where CRI is spoken: what somebody chose, else what runs, else what is there. */
export const endpointsCollector: Collector<'endpoints'> = {
  fact: 'endpoints',
  summary: 'sockets at which a container runtime may answer',
  timeoutMs: 5000,
  needs: ['daemons'],
  async collect(context) {
    const chosenBy = await explicitChoice(context);
    const daemons = runningRuntimes(context);
    const known = new Set(WELL_KNOWN.map(canonical));
    const configured = chosenBy.named.length > 0 ? [] : await configuredAddresses(context, daemons);
    const served = new Set([...daemons.map(addressOf), ...configured].map(canonical));
    const elsewhere = [...daemons.map(addressOf), ...configured].filter((a) => !known.has(canonical(a)));
    const named: Named[] = [
      ...chosenBy.named,
      ...elsewhere.map((endpoint) => ({ endpoint, source: 'daemon' as const })),
      ...WELL_KNOWN.map((endpoint) => ({ endpoint, source: 'well-known' as const })),
    ];
    const candidates = distinct(named).map((n) => candidate(context, n));
    const explicit = candidates[0] && chosenBy.named.length > 0 ? candidates[0] : null;
    const value: EndpointsFact = {
      chosen: explicit ?? firstUsable(candidates, served),
      candidates,
      traces: runtimeTraces(context.host, daemons, candidates),
    };
    return complete(value, chosenBy.problems);
  },
};

/** Flag, environment, crictl.yaml, in this order; a later one is not read when an earlier one decides. */
async function explicitChoice({
  host,
  look,
}: CollectContext): Promise<{ named: Named[]; problems: Problem[] }> {
  if (look.endpoint) return { named: [{ endpoint: look.endpoint, source: 'flag' }], problems: [] };
  const environment = look.env.CONTAINER_RUNTIME_ENDPOINT;
  if (environment) return { named: [{ endpoint: environment, source: 'environment' }], problems: [] };
  const { endpoint, problem } = await readCrictlChoice(host, crictlConfig(look));
  return {
    named: endpoint === null ? [] : [{ endpoint, source: 'crictl.yaml' }],
    problems: problem ? [problem] : [],
  };
}

function crictlConfig(look: LookOptions): string {
  return look.env.CRI_CONFIG_FILE || CRICTL_CONFIG;
}

function runningRuntimes(context: CollectContext): Daemon[] {
  const daemons = context.known('daemons');
  if (daemons?.status !== 'complete' && daemons?.status !== 'partial') return [];
  return daemons.value.filter((d) => RUNTIME_KINDS.includes(d.kind) && !isDockers(d));
}

/** The containerd that dockerd starts for itself, with CRI switched off, is no runtime of Kubernetes. */
function isDockers({ flags }: Daemon): boolean {
  return [flags.config, flags.address].some((path) => path?.includes('/docker/containerd/'));
}

/**
 * Sockets that containerds name in their files only. Read where the default is not there, so that an ordinary
 * node pays nothing for it.
 */
async function configuredAddresses({ host }: CollectContext, daemons: Daemon[]): Promise<string[]> {
  const silent = daemons.filter((d) => d.kind === 'containerd' && d.flags.config && !d.flags.address);
  const missing = silent.filter((d) => socketState(host, addressOf(d)) !== 'socket');
  if (missing.length === 0) return [];
  const { readContainerdOf } = await import('./config/of-daemon.ts');
  const readings = await Promise.all(missing.map((d) => readContainerdOf(host, d, null, null)));
  return readings.map((reading) => reading.config.address);
}

function addressOf(daemon: Daemon): string {
  const flag = daemon.flags[ADDRESS_FLAG[daemon.kind] ?? ''];
  return (flag ? socketPath(flag) : null) ?? DEFAULT_SOCKET[daemon.kind] ?? '';
}

/** Nodes have /var/run as a link to /run; both spellings are in use for one socket. */
function canonical(socket: string): string {
  return socket.replace(/^\/var\/run\//, '/run/');
}

function distinct(named: Named[]): Named[] {
  const seen = new Set<string>();
  return named.filter(({ endpoint }) => {
    const key = canonical(socketPath(endpoint) ?? endpoint);
    if (key === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function candidate({ host }: CollectContext, { endpoint, source }: Named): EndpointCandidate {
  const path = socketPath(endpoint);
  if (path === null) return { path: endpoint, source, state: 'not-a-socket' };
  return { path, source, state: socketState(host, path) };
}

/** A socket that a running daemon serves, else any socket, else one that we may not look at. */
function firstUsable(candidates: EndpointCandidate[], served: Set<string>): EndpointCandidate | null {
  const sockets = candidates.filter((c) => c.state === 'socket');
  return (
    sockets.find((c) => served.has(canonical(c.path))) ??
    sockets[0] ??
    candidates.find((c) => c.state === 'denied') ??
    null
  );
}
