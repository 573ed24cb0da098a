/** The cgroup of a pod, which kubelet makes, or a runtime that was told a parent. */
export interface PodCgroup {
  /** From the root of a hierarchy: `/kubepods/besteffort/pod<uid>`, or the slice of systemd's driver. */
  path: string;
  /** With dashes as in the API. */
  uid: string;
  mtime: number;
  /** Mount points of the hierarchies that have it. */
  hierarchies: string[];
  /** Whether a process is in it or below, in any of them; null where that could not be read. */
  populated: boolean | null;
  /** Ids of containers that have a cgroup below. */
  containers: string[];
  /** Still there, and as empty, when all other facts were in. */
  confirmed: boolean;
}

/** kubelet, from its process: what flags and program tell. */
export interface KubeletFact {
  pid: number;
  /** e.g. 1.36.2; null when the binary does not tell. */
  version: string | null;
  startedAt: number;
  flags: Record<string, string>;
}

/** A pod that the kubelet knows: from the API, or its own list. */
export interface KnownPod {
  uid: string;
  namespace: string;
  name: string;
  /** Pending, Running, Succeeded, Failed, Unknown. */
  phase: string;
  /** For the API's copy of a static pod: uid under which the node has it; '' otherwise. */
  staticUid: string;
}

/** Which pods should be on this node, as far as kubelet's side tells. */
export interface PodOwnersFact {
  /** `runs`: there is a process. `installed`: only its files are there. `none`: neither. */
  kubelet: 'runs' | 'installed' | 'none';
  /** Pod folders of kubelet, whose names are uids; null where they could not be listed. */
  folders: { path: string; uid: string; mtime: number }[] | null;
  /** Manifests of static pods. Their uid is a hash that only kubelet knows. */
  manifests: { path: string; namespace: string; name: string }[];
  /** Pods that kubelet or the API server listed; null where neither could be asked. */
  pods: KnownPod[] | null;
  /** Who was asked: an address without credentials; '' for nobody. */
  source: string;
  /** Why nobody answered; '' otherwise. */
  why: string;
}
