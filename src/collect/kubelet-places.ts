import type { ReadHost } from '../host/read-host.ts';
import type { Daemon } from '../model/facts.ts';
import { dig, digText } from '../model/json-path.ts';
import type { Problem } from '../model/outcome.ts';
import { absolute, workingFolderOf } from './config/of-daemon.ts';
import { type KubeletFile, readKubeletFiles } from './kubelet-files.ts';

/** Where kubelet keeps things and how it can be asked: flags, else its configuration, else what is usual. */
export interface KubeletPlaces {
  /** Folders that may be its root folder; the first one that is there is. */
  roots: string[];
  /** Folders (or single files) of static manifests. */
  manifests: string[];
  /** Without authentication: 0 when it is not served. */
  readOnlyPort: number;
  /** Address that it listens at; '' for all. */
  address: string;
  kubeconfigs: string[];
  /** Name of the node, where a flag says it; '' otherwise. */
  nodeName: string;
}

const ROOTS = ['/var/lib/kubelet', '/var/lib/k0s/kubelet', '/var/snap/microk8s/common/var/lib/kubelet'];
const MANIFESTS = [
  '/etc/kubernetes/manifests',
  '/var/lib/rancher/k3s/agent/pod-manifests',
  '/var/lib/rancher/rke2/agent/pod-manifests',
];
const KUBECONFIGS = [
  '/etc/kubernetes/kubelet.conf',
  '/var/lib/kubelet/kubeconfig',
  '/var/lib/rancher/k3s/agent/kubelet.kubeconfig',
  '/var/lib/rancher/rke2/agent/kubelet.kubeconfig',
  '/var/lib/k0s/kubelet.conf',
  '/var/snap/microk8s/current/credentials/kubelet.config',
];

const ANY_ADDRESS = ['', '0.0.0.0', '::'];

/** Reads kubelet's configuration. A file that cannot be used is a problem, and says nothing. */
export async function kubeletPlaces(
  host: ReadHost,
  kubelet: Daemon | undefined,
  problems: Problem[],
): Promise<KubeletPlaces> {
  const flags = kubelet?.flags ?? {};
  const at = (path: string) => absolute(workingFolderOf(host, kubelet ?? null), path);
  const config = statedIn(await readKubeletFiles(host, kubelet, problems));
  const manifests = flags['pod-manifest-path'] || config.staticPodPath;
  const port = Number(flags['read-only-port'] ?? config.readOnlyPort ?? 0);
  const address = flags.address || config.address;
  return {
    roots: flags['root-dir'] ? [at(flags['root-dir'])] : ROOTS,
    manifests: manifests ? [at(manifests)] : MANIFESTS,
    readOnlyPort: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0,
    address: ANY_ADDRESS.includes(address) ? '' : address,
    kubeconfigs: flags.kubeconfig ? [at(flags.kubeconfig)] : KUBECONFIGS,
    nodeName: flags['hostname-override'] ?? '',
  };
}

interface Stated {
  staticPodPath: string;
  address: string;
  readOnlyPort: number | null;
}

function statedIn(files: readonly KubeletFile[]): Stated {
  const stated: Stated = { staticPodPath: '', address: '', readOnlyPort: null };
  for (const { value } of files) {
    const port = dig(value, 'readOnlyPort');
    stated.staticPodPath = digText(value, 'staticPodPath') ?? stated.staticPodPath;
    stated.address = digText(value, 'address') ?? stated.address;
    if (typeof port === 'number') stated.readOnlyPort = port;
  }
  return stated;
}
