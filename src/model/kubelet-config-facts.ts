/** A setting of kubelet's. `at` is where it stands: `file:line`, or the flag with its dashes. */
export interface KubeletSetting {
  value: string;
  at: string;
}

/** The resolv.conf that kubelet reads for every pod. */
export interface Resolver extends KubeletSetting {
  /** `default`: nobody names it, and it is /etc/resolv.conf. */
  origin: 'flag' | 'file' | 'default';
  /**
   * `unseen`: kubelet has other mounts than the node, or the file could not be looked at. `atBoot`: of a node image,
   * where such a file is written when the node starts.
   */
  state: 'there' | 'missing' | 'unseen' | 'atBoot';
  /** Where its links lead; the path itself when it is no link. */
  leadsTo: string;
}

/** What kubelet's flags, its configuration file and the files that carry its flags make it do at its next start. */
export interface KubeletConfigFact {
  /** Configuration file, then its drop-ins, in load order. `error`: why it says nothing; null when it is used. */
  files: { path: string; mtime: number; error: string | null }[];
  /** Socket of the runtime that it uses, as a path; null: nobody says. Absent in snapshots of earlier versions. */
  endpoint?: KubeletSetting | null;
  /** Flags beat files. Null: nobody says; kubelet then takes cgroupfs, or what the runtime says where both can ask. */
  cgroupDriver: KubeletSetting | null;
  /** From 0 to 100, as kubelet takes it: above that percentage of a full disk images are collected. Null: 85. */
  imageGcHighPercent: KubeletSetting | null;
  /** Null: switched off by an empty name. */
  resolver: Resolver | null;
  /** Every --pod-infra-container-image in kubelet's unit, its drop-ins and the files of its environment. */
  pauseFlags: { file: string; line: number; value: string; mtime: number }[];
  /**
   * Flags in the same files that a release of kubelet took away, without dashes; what they say is not kept. Absent in
   * snapshots of earlier versions.
   */
  oldFlags?: { flag: string; file: string; line: number; mtime: number }[];
  /** Did kubeadm set kubelet up here? */
  isKubeadms: boolean;
  /** Version of kubelet's program, asked only where none runs and a file has one of those flags; null otherwise. */
  installedVersion: string | null;
}
