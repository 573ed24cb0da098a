import type { CniAgentsFact, CniPluginsFact } from './cni-plugin-facts.ts';
import type { NsId } from './namespace.ts';
import type { PublishedPort } from './netns-report.ts';
import type { NetworkSeen } from './network.ts';

/** One file of host-local's data folder. Nothing is followed: a link or a folder there is `foreign`. */
export interface Reservation {
  path: string;
  /** Folder of its network. */
  folder: string;
  /** Name of that folder. */
  network: string;
  /** The file's name as an address; null when it is none. */
  address: string | null;
  /** Container id as it stands in the file; null for a file without one. */
  containerId: string | null;
  /** '' in files of old versions. */
  ifName: string;
  mtime: number;
  /** `whole`: an id was read. `empty`, `malformed`: a file, but no id. `foreign`: no regular file. */
  state: 'whole' | 'empty' | 'malformed' | 'foreign';
  /** Still there with the same content when all other facts were in. */
  confirmed: boolean;
}

export interface ReservationsFact {
  /** Entries beside `lock` and `last_reserved_ip.N`, which are no reservations. */
  reservations: Reservation[];
  /** Folders of networks, from /var/lib/cni/networks and from the dataDir of every configuration seen. */
  folders: { path: string; network: string }[];
  /**
   * Folders that host-local cannot make, for what is at `path` instead: the folder's own, or a part of it. Absent in
   * snapshots of earlier versions.
   */
  blocked?: { folder: string; network: string; path: string; what: 'file' | 'link' | 'other' }[];
}

/** What a result of ADD says of the inside of a sandbox. */
export interface CniGiven {
  /** `mac` is '' where the plugin did not tell. */
  interfaces: { name: string; mac: string }[];
  /** Destinations with prefix length, e.g. 0.0.0.0/0. */
  routes: string[];
}

/** One file of libcni's cache. `config` and `cniArgs` of it may hold secrets and are not kept. */
export interface CniCacheEntry {
  path: string;
  /** `whole`: an attachment was read. `otherKind`: JSON of another form. `foreign`: no regular file. */
  state: 'whole' | 'empty' | 'malformed' | 'otherKind' | 'foreign';
  /** '' where the file does not tell. */
  network: string;
  containerId: string;
  ifName: string;
  /** Written as in Pin.path; '' where it is not told. */
  netns: string;
  mtime: number;
  /** Without prefix length. */
  addresses: string[];
  /** Names of interfaces of the result that are not inside the sandbox. */
  hostLinks: string[];
  /** It holds a configuration that DEL can be sent with. */
  hasConfig: boolean;
  /** Absent without a result, where the configuration says disableCheck, and in snapshots of older versions. */
  given?: CniGiven;
  /** What its plugins were to write into the node's firewall. Absent in snapshots of older versions. */
  rules?: { ports: PublishedPort[]; masquerade: boolean };
  /** Still there, unchanged, when all other facts were in. */
  confirmed: boolean;
}

export interface CniCacheFact {
  entries: CniCacheEntry[];
  folders: string[];
  /** host-local's folders of the networks whose configuration is stored in entries. */
  ipamFolders: { path: string; network: string }[];
  /** Plugins of the configurations that are stored in entries. Absent in snapshots of earlier versions. */
  configs?: { network: string; plugins: CniPluginConf[] }[];
}

export interface CniPluginConf {
  type: string;
  /** Name of the bridge, for plugins that use one. */
  bridge: string | null;
  ipam: {
    type: string;
    /** host-local's data folder of this network; '' for other plugins. */
    folder: string;
    /** As given: subnet, first and last address ('' where the whole subnet), gateway ('' for the first address). */
    ranges: { subnet: string; start: string; end: string; gateway?: string }[];
  } | null;
  /** Types of the plugins that it hands over to, IPAM included. Absent in snapshots of earlier versions. */
  delegates?: string[];
  /** Its settings that name files, by key, e.g. kubeconfig. Absent in snapshots of earlier versions. */
  files?: Record<string, string>;
  /** What it does on the node's side. Absent in snapshots of older versions. */
  does?: {
    /** Gives its bridge the gateway's address; with `forceAddress` in place of another one. */
    gateway: boolean;
    forceAddress: boolean;
    masquerade: boolean;
    /** Leads ports of the node into pods. */
    ports: boolean;
    /** Sets up each port of its bridge: hairpin, VLAN, isolation. Absent in snapshots of older versions. */
    tunesPorts?: boolean;
  };
}

/** One configuration file of a CNI folder. */
export interface CniConfFile {
  path: string;
  /** '' when it cannot be used. */
  name: string;
  cniVersion: string;
  plugins: CniPluginConf[];
  /** Why it cannot be used; '' otherwise. */
  problem: string;
  /** CNI versions as it names them, known or not. Absent in snapshots of earlier versions. */
  versions?: string[];
  /** Absent in snapshots of earlier versions. */
  mtime?: number;
}

export interface CniConfFact {
  /** Folder of the runtime's configuration, else the usual one. */
  folder: string;
  /** In the order in which a runtime chooses: the first one is the pod network. */
  files: CniConfFile[];
  /** Folders of plugins. */
  binDirs: string[];
  /** Path of the file that the runtime takes, usable or not; null for none. Absent in snapshots of earlier versions. */
  winner?: string | null;
  /** Configuration files in the usual folders, where its own has none. Absent in snapshots of earlier versions. */
  elsewhere?: string[];
}

/** A network namespace and what is in it. */
export interface NetworkInside {
  ns: NsId;
  /** Where it was entered: a pin, or /proc/PID/ns/net. */
  path: string;
  /** Null where it could not be seen. */
  seen: NetworkSeen | null;
}

/** Links, addresses and routes of the node and of every pinned or inhabited network namespace. */
export interface NetworksFact {
  /** The namespace that bridges and host ends of veths are in. */
  host: NetworkInside;
  pods: NetworkInside[];
}

/** Facts about pod networks, by name. */
export interface CniFacts {
  reservations: ReservationsFact;
  cniCache: CniCacheFact;
  cniConf: CniConfFact;
  cniPlugins: CniPluginsFact;
  cniAgents: CniAgentsFact;
  networks: NetworksFact;
}
