import type { Container, HostFact, Process } from '../model/facts.ts';
import { ageOf, isAlive } from './process.ts';

/** Names of an agent's containers, and beginnings of its processes' names as the kernel cuts them. */
interface Agent {
  name: string;
  containers: RegExp;
  processes: RegExp;
}

/** By type of the plugin that cannot work without it. k3s, RKE2 and k0s have flannel in their own process. */
const AGENTS: Readonly<Record<string, Agent>> = {
  flannel: { name: 'flannel', containers: /flannel/, processes: /^(flanneld|k3s|rke2|k0s)/ },
  calico: { name: 'calico-node', containers: /^calico-node$/, processes: /^calico-node/ },
  'cilium-cni': { name: 'cilium-agent', containers: /^cilium-agent$/, processes: /^cilium-agent/ },
  antrea: { name: 'antrea-agent', containers: /^antrea-agent$/, processes: /^antrea-agent/ },
  'ovn-k8s-cni-overlay': { name: 'ovnkube-node', containers: /^ovn/, processes: /^ovnkube/ },
  'kube-ovn': { name: 'kube-ovn-cni', containers: /^(cni-server|kube-ovn)/, processes: /^kube-ovn-daemon/ },
  'multus-shim': { name: 'multus', containers: /multus/, processes: /^multus-daemon/ },
  multus: { name: 'multus', containers: /multus/, processes: /^multus/ },
  'weave-net': { name: 'weave', containers: /^weave/, processes: /^weaver/ },
  'aws-cni': { name: 'aws-node', containers: /^aws-node$/, processes: /^aws-k8s-agent/ },
};

export interface AgentSeen {
  name: string;
  runs: boolean;
  /** Milliseconds since it was started; 0 where it does not run. */
  age: number;
}

/** Whether the agent of a plugin runs here, as a pod or on the node itself; null for plugins that need none. */
export function agentOf(
  plugin: string,
  host: HostFact,
  containers: readonly Container[],
  processes: readonly Process[],
): AgentSeen | null {
  const agent = Object.hasOwn(AGENTS, plugin) ? AGENTS[plugin] : undefined;
  if (agent === undefined) return null;
  const running = containers.filter((c) => c.state === 'running' && agent.containers.test(c.name));
  const alive = processes.filter((p) => isAlive(p) && agent.processes.test(p.comm));
  const ages = [...running.map((c) => host.now - c.createdAt), ...alive.map((p) => ageOf(host, p))];
  return { name: agent.name, runs: ages.length > 0, age: ages.length > 0 ? Math.max(0, ...ages) : 0 };
}
