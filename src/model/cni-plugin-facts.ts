/** A program that a CNI configuration of this node, or the runtime itself, needs. */
export interface CniPlugin {
  /** Name of the program. */
  type: string;
  /**
   * Who needs it. `configuration`: the file that the runtime takes. `cache`: a configuration stored with cached
   * results, which DEL can be sent with. `runtime`: containerd's loopback, whose network is ''.
   */
  neededBy: {
    from: 'configuration' | 'cache' | 'runtime';
    network: string;
    role: 'plugin' | 'ipam' | 'delegate' | 'loopback';
  }[];
  /** The first regular file of that name in the folders of plugins; null where there is none. */
  path: string | null;
  executable: boolean;
  /** Machine that it was built for, as in HostFact.arch; `script` for one; '' where the file does not tell. */
  machine: string;
  mtime: number;
  /** CNI versions that it says it speaks. Null: it was not asked, for it is run for that; or it did not say. */
  versions: string[] | null;
}

export interface CniPluginsFact {
  /** Folders of plugins, in the order in which they are looked into. */
  binDirs: string[];
  plugins: CniPlugin[];
}

/** What the agent of a network keeps on the node for its plugin. */
export interface AgentState {
  /** Type of the plugin that cannot work without it. */
  plugin: string;
  network: string;
  path: string;
  kind: 'file' | 'socket';
  /** `deaf`: a socket on which nobody listens. `malformed`: a file without what the plugin reads in it. */
  state: 'there' | 'missing' | 'deaf' | 'malformed';
}

/** How a plugin shows itself to the API server. Nothing of the secret is kept. */
export interface CniCredential {
  plugin: string;
  network: string;
  /** The kubeconfig. */
  path: string;
  mtime: number;
  state: 'read' | 'missing' | 'malformed';
  /** What it holds; `none`: neither. */
  kind: 'token' | 'certificate' | 'none';
  /** Null where it says no end. */
  expiresAt: number | null;
}

/** A file in which a delegating plugin wrote down, for one container, whom it handed over to. */
export interface HandedOver {
  plugin: string;
  network: string;
  path: string;
  containerId: string;
  state: 'whole' | 'empty' | 'malformed' | 'foreign';
  mtime: number;
}

export interface CniAgentsFact {
  states: AgentState[];
  credentials: CniCredential[];
  handedOver: HandedOver[];
}
