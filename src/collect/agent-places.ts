import type { AgentState } from '../model/facts.ts';

/** Where agents keep what their plugin needs, and where that is read from. */
export interface Place {
  kind: AgentState['kind'];
  path: string;
  /** What a file must hold to be of use; default: anything. */
  holds?: RegExp;
}

type Files = Readonly<Record<string, string>>;

const file = (path: string, holds?: RegExp): Place[] =>
  path === '' ? [] : [{ kind: 'file', path, ...(holds ? { holds } : {}) }];
const socket = (path: string): Place[] => [{ kind: 'socket', path }];

/** By type of the plugin; each one's own settings win over what it takes for granted. */
const PLACES: Readonly<Record<string, (files: Files) => Place[]>> = {
  flannel: ({ subnetFile }) => file(subnetFile ?? '/run/flannel/subnet.env', /^FLANNEL_SUBNET=\S/m),
  calico: ({ nodename_file }) => file(nodename_file ?? '/var/lib/calico/nodename'),
  'cilium-cni': () => socket('/var/run/cilium/cilium.sock'),
  antrea: () => socket('/var/run/antrea/cni.sock'),
  'ovn-k8s-cni-overlay': () => socket('/var/run/ovn-kubernetes/cni/ovn-cni-server.sock'),
  'kube-ovn': ({ server_socket }) => socket(server_socket ?? '/run/openvswitch/kube-ovn-daemon.sock'),
  'multus-shim': ({ daemonSocketDir }) => socket(`${daemonSocketDir ?? '/run/multus'}/multus.sock`),
  multus: ({ readinessindicatorfile }) => file(readinessindicatorfile ?? ''),
};

/** Files and sockets that a plugin of this type cannot do without. */
export function agentPlaces(type: string, files: Files): Place[] {
  return Object.hasOwn(PLACES, type) ? (PLACES[type]?.(files) ?? []) : [];
}

/** Folder in which a plugin notes, in a file for each container, whom it handed over to; null for others. */
export function handedOverFolder(type: string, { dataDir, cniDir }: Files): string | null {
  if (type === 'flannel') return dataDir ?? '/var/lib/cni/flannel';
  return type === 'multus' || type === 'multus-shim' ? (cniDir ?? '/var/lib/cni/multus') : null;
}
