import type { PublishedPort } from './netns-report.ts';

/** Which of the kernel's two tables of rules, and who writes it: iptables of either kind, or plugins that speak nftables. */
export type FirewallBackend = 'iptables-legacy' | 'iptables-nft' | 'nftables';

/** What CNI plugins wrote into the node's firewall for one attachment, in one chain. */
export interface CniRules {
  backend: FirewallBackend;
  family: 'ip' | 'ip6' | 'inet';
  /** `ports`: ports of the node lead into the pod. `masquerade`: what the pod sends out gets the node's address. */
  purpose: 'ports' | 'masquerade';
  /** The attachment's own chain; with nftables, the one that it shares with others. */
  chain: string;
  /** From the comment on the rules; '' where that does not tell. */
  network: string;
  containerId: string;
  /** Of the pod; '' where no rule tells. */
  address: string;
  ports: PublishedPort[];
  /** False where no rule of the kernel's own chains leads to it, so that it does nothing. */
  reached: boolean;
  /** The rules that lead into its chain, as arguments of `iptables -A`; with nftables, the rules' handles. */
  entries: string[][];
  /** Still there, the same, when all other facts were in. */
  confirmed: boolean;
}

export interface FirewallFact {
  rules: CniRules[];
  /** What was read, and with which program. Nothing where no plugin can have written rules. */
  read: { backend: FirewallBackend; family: 'ip' | 'ip6' | 'inet'; program: string }[];
}
