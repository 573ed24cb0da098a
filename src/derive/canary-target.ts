import type { FactName, Facts } from '../model/facts.ts';
import { knownValue, type Outcome } from '../model/outcome.ts';
import { winningConf } from './cni-winner.ts';
import { sandboxImageUse } from './sandbox-image.ts';

type FactOutcomes = Partial<{ [N in FactName]: Outcome<Facts[N]> }>;

/** The node's own pod network, as far as a canary goes by it. */
export interface CanaryNetwork {
  /** '' where there is none that can be used; `fault` says why. */
  name: string;
  folder: string;
  binDirs: string[];
  /** Plugins in order. */
  types: string[];
  /** Of host-local; empty where the configuration names none. */
  ranges: { subnet: string; start: string; end: string }[];
  fault: string;
}

/** What a canary is made on. */
export interface CanaryTarget {
  /** '' on a node without a runtime. */
  endpoint: string;
  /** It answered the passive look. */
  answers: boolean;
  cgroupDriver: 'systemd' | 'cgroupfs' | null;
  /** What sandboxes are made from; '' where that cannot be told. */
  image: string;
  network: CanaryNetwork;
  /** Plugin that asks the API server about each pod; '' for none. */
  asksApiServer: string;
}

/** Plugins that look a pod up in the API server, themselves or by their agent. One that is not there gets no network. */
const ASKING = [
  'calico',
  'cilium-cni',
  'multus',
  'multus-cni',
  'multus-shim',
  'ovn-k8s-cni-overlay',
  'kube-ovn',
  'antrea',
  'aws-cni',
];

/** What the facts of a passive look say about the place of a canary. */
export function canaryTarget(facts: FactOutcomes): CanaryTarget {
  const runtime = knownValue(facts.runtime);
  const config = knownValue(facts.runtimeConfig);
  const use = config && sandboxImageUse(runtime, config);
  const image = use?.inForce?.reference ?? use?.next?.value ?? runtime?.sandboxImage ?? '';
  const network = networkOf(facts);
  return {
    endpoint: knownValue(facts.endpoints)?.chosen?.path ?? '',
    answers: runtime !== undefined,
    cgroupDriver: runtime?.cgroupDriver ?? null,
    image,
    network,
    asksApiServer: network.types.find((type) => ASKING.includes(type)) ?? '',
  };
}

function networkOf({ cniConf }: FactOutcomes): CanaryNetwork {
  const conf = knownValue(cniConf);
  const winner = conf && winningConf(conf);
  const plugins = winner?.plugins ?? [];
  const place = { folder: conf?.folder ?? '', binDirs: conf?.binDirs ?? [] };
  return {
    ...place,
    name: winner?.problem === '' ? winner.name : '',
    types: plugins.flatMap(({ type, delegates = [] }) => [type, ...delegates]),
    ranges: plugins.flatMap(({ ipam }) => ipam?.ranges ?? []),
    fault: winner ? winner.problem : `${place.folder || 'the node'} holds no network configuration`,
  };
}
