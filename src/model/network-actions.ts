import type { FirewallBackend } from './firewall-facts.ts';

/** What podctl can do to the network of the node. */
export type NetworkAction =
  /** Deletes a link of the node's namespace, and with it its other end. */
  | { kind: 'delete-link'; name: string; index: number; mac: string }
  /** Puts a link of the node's namespace into a bridge (null: into none), and with `up` brings it up. */
  | {
      kind: 'set-link';
      name: string;
      index: number;
      mac: string;
      bridge: { name: string; index: number } | null;
      up: boolean;
    }
  /**
   * Deletes what a CNI plugin wrote into the firewall for one attachment: the rules that lead into its chain, and the
   * chain, whose name follows from network and container; with nftables, the rules of these handles.
   */
  | {
      kind: 'delete-rules';
      program: string;
      backend: FirewallBackend;
      network: string;
      container: string;
      chain: string;
      entries: string[][];
    };
