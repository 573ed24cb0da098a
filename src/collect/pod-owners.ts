import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Daemon, PodOwnersFact, Process } from '../model/facts.ts';
import { complete, failed, type Gathered, type Problem, partial } from '../model/outcome.ts';
import { type Asked, askKubelet, askServer, nobody } from './ask-pods.ts';
import { CLAIMS } from './claims.ts';
import type { CollectContext, Collector } from './collector.ts';
import { isThere } from './config/layout.ts';
import { knownValue } from './known-value.ts';
import { type KubeletPlaces, kubeletPlaces } from './kubelet-places.ts';
import { summarize } from './problems.ts';
import { staticManifests } from './static-manifests.ts';

/** Files that say that a kubelet belongs here, whether it runs or not. */
const TRACES = [
  '/var/lib/kubelet/config.yaml',
  '/var/lib/kubelet/pods',
  '/etc/kubernetes/kubelet.conf',
  '/usr/bin/kubelet',
  '/usr/local/bin/kubelet',
  '/etc/systemd/system/kubelet.service',
  '/lib/systemd/system/kubelet.service',
  '/var/lib/rancher/k3s',
  '/var/lib/rancher/rke2',
  '/var/lib/k0s',
  '/var/snap/microk8s',
];
/** Programs that are a kubelet among other things. */
const WITH_KUBELET = new Set(['k3s', 'k3s-server', 'k3s-agent', 'rke2', 'kubelite']);

/** Names of pods' folders: uids, or the hashes of static pods. */
const UID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Owners, so read when all claims are in. */
export const podOwnersCollector: Collector<'podOwners'> = {
  fact: 'podOwners',
  summary: "pods that should be here: kubelet's folders, static manifests, its list or the API server's",
  timeoutMs: 10_000,
  needs: ['daemons'],
  after: ['host', ...CLAIMS, 'sandboxes', 'processes'],
  collect(context) {
    return collectOwners(context);
  },
};

async function collectOwners({ host, known, signal }: CollectContext): Promise<Gathered<PodOwnersFact>> {
  const daemons = known('daemons');
  const running = knownValue(daemons)?.find((d) => d.kind === 'kubelet');
  if (running === undefined && daemons?.status !== 'complete') {
    return failed('unavailable', 'which daemons run is not known, so a kubelet may be among them');
  }
  const problems: Problem[] = [];
  const holes: Problem[] = [];
  const kubelet = howItIs(host, running, knownValue(known('processes')) ?? []);
  const places = await kubeletPlaces(host, running, problems);
  const manifests: PodOwnersFact['manifests'] = [];
  for (const place of places.manifests) manifests.push(...(await staticManifests(host, place, problems)));
  const folders = podFolders(host, places, kubelet === 'runs', holes);
  const hostname = knownValue(known('host'))?.hostname ?? '';
  const asked = await ask(host, kubelet, places, hostname, signal);
  const told = summarize([...holes, ...problems]);
  const value = { kubelet, folders, manifests, ...asked };
  return holes.length === 0 ? complete(value, told) : partial(value, told);
}

function howItIs(
  host: ReadHost,
  running: Daemon | undefined,
  processes: readonly Process[],
): PodOwnersFact['kubelet'] {
  const inside = processes.some(({ comm, podUid }) => podUid === null && WITH_KUBELET.has(comm));
  if (running !== undefined || inside) return 'runs';
  return TRACES.some((path) => isThere(host, path)) ? 'installed' : 'none';
}

/** Null: a kubelet runs, and its folders are not where they should be, or cannot be listed. */
function podFolders(
  host: ReadHost,
  { roots }: KubeletPlaces,
  runs: boolean,
  holes: Problem[],
): PodOwnersFact['folders'] {
  const root = roots.find((path) => isThere(host, `${path}/pods`)) ?? roots[0];
  const folder = `${root}/pods`;
  try {
    return host.folders(folder).flatMap((uid) => {
      const path = `${folder}/${uid}`;
      return UID.test(uid) ? [{ path, uid, mtime: host.stat(path).mtime }] : [];
    });
  } catch (error) {
    if (isMissing(error) && !runs) return [];
    holes.push(problemOf(error, folder));
    return null;
  }
}

async function ask(
  host: ReadHost,
  kubelet: PodOwnersFact['kubelet'],
  places: KubeletPlaces,
  hostname: string,
  signal: AbortSignal,
): Promise<Asked> {
  if (kubelet === 'none') return nobody('no kubelet is on this node');
  const port = await fromPort(host, kubelet, places, signal);
  if (port.pods !== null) return port;
  const server = await askServer(host, places, hostname, signal);
  return server.pods !== null ? server : nobody(`${port.why}; ${server.why}`);
}

/** While kubelet does not run, anybody may serve its port; and below another root this machine is not the node. */
async function fromPort(
  host: ReadHost,
  kubelet: PodOwnersFact['kubelet'],
  places: KubeletPlaces,
  signal: AbortSignal,
): Promise<Asked> {
  if (places.readOnlyPort === 0) return nobody("kubelet's read-only port is not open");
  if (kubelet !== 'runs') return nobody('kubelet does not run');
  if (host.root !== '') return nobody(`kubelet of the node below ${host.root} is not asked from here`);
  return askKubelet(places, signal);
}
