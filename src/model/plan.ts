import type { Risk, Subject } from './check.ts';
import type { ImageAction } from './image-actions.ts';
import type { NsId } from './namespace.ts';
import type { NetworkAction } from './network-actions.ts';
import type { PodConfig, PodContainer } from './pod-config.ts';
import type { ContainerRecord, SandboxRecord } from './sandbox.ts';

/** A process, by what survives the reuse of its number. */
export interface ProcessIdentity {
  pid: number;
  startTicks: number;
}

/** A file, by what tells it from another one of its name. */
export interface FileIdentity {
  dev: number;
  ino: number;
  /** Of the content, 64 hex digits in lower case. */
  sha256: string;
}

/** One key of a TOML file that is set to a text, or (null) taken out. */
export interface ConfigEdit {
  key: readonly string[];
  value: string | null;
}

/** Whom to ask what it makes of its files, and what it must say: `containerd --config FILE config dump`. */
export interface ConfigCheck {
  daemon: ProcessIdentity;
  file: string;
  sandboxImage: string;
}

/** Namespaces that podctl pins for its own sandboxes. A PID namespace dies with its first process. */
export type PinType = 'net' | 'ipc' | 'uts';

/** Everything that podctl can do to a node. Closed: what is not here cannot be done. `id` is a sandbox's. */
export type Action =
  /** Writes podctl's own record of a sandbox, whole or not at all. */
  | { kind: 'write-record'; record: SandboxRecord }
  | { kind: 'set-phase'; id: string; phase: SandboxRecord['phase'] }
  | { kind: 'remove-record'; id: string }
  /** hostname, hosts, resolv.conf and, with `shm`, the tmpfs for /dev/shm, in the sandbox's own folder. */
  | { kind: 'make-files'; id: string; shm: boolean }
  /** Unmounts the tmpfs and removes the folder, and the one in which the pins were. */
  | { kind: 'remove-files'; id: string }
  /**
   * In one run: the tmpfs for /dev/shm, new namespaces, each pinned where the record says, and a pause in them.
   * What is written down of it says also what comes next: that its network is being attached, or that it is ready.
   */
  | { kind: 'start-sandbox'; id: string; next: 'attach' | 'ready' }
  /** Makes new namespaces and pins each at the path that the record names. */
  | { kind: 'make-namespaces'; id: string; types: PinType[] }
  /** Starts a pause in namespaces seen at these paths (`user`: '' for ours) and writes down its identity. */
  | { kind: 'start-pause'; id: string; from: Record<PinType | 'user', string> }
  /** Without root: makes user, net, ipc and uts namespaces around a pause that holds them. */
  | { kind: 'start-user-pause'; id: string }
  /** `again`: ask for the addresses that the sandbox had. `completes`: then it is ready. */
  | { kind: 'cni-add'; id: string; again: boolean; completes: boolean }
  /** `again`: it is to be attached anew, so its addresses are kept in the record. */
  | { kind: 'cni-del'; id: string; again: boolean }
  /** Removes the bridge of podctl's own network, and its empty reservations, when nothing is on it. */
  | { kind: 'drop-network'; bridge: string; folder: string }
  /** Sends a signal through a pidfd, and waits up to `waitMs` until the process is gone. */
  | { kind: 'signal'; process: ProcessIdentity; signal: number; what: string; waitMs: number }
  | { kind: 'pin'; from: string; ns: NsId; to: string }
  /**
   * Unmounts so many pins of this namespace that are stacked on a path; the lowest one stays. In the mount namespace
   * of that process.
   */
  | { kind: 'unstack'; path: string; ns: NsId; layers: number; among: ProcessIdentity }
  /** Unmounts and removes a pin. Null: a file on which nothing is mounted. Nothing to do where it is gone. */
  | { kind: 'unpin'; path: string; ns: NsId | null }
  /** Writes down a container, in place of one of the same name, and makes its folder. */
  | { kind: 'record-container'; id: string; container: ContainerRecord }
  /** Starts a recorded container in the sandbox's namespaces, to go on without us. */
  | { kind: 'start-container'; id: string; container: string }
  /** Takes away what an OCI runtime keeps of a container: its state and its cgroup. */
  | { kind: 'delete-container'; id: string; container: string }
  /** Takes a container out of the record, and its folder away. */
  | { kind: 'forget-container'; id: string; container: string }
  /** Of the runtime that speaks CRI at this socket. Stopping includes its containers and CNI DEL. */
  | { kind: 'stop-sandbox'; endpoint: string; sandbox: string }
  | { kind: 'remove-sandbox'; endpoint: string; sandbox: string }
  /** Kills a task of containerd with all its processes and deletes it; `container` is an id in CRI's namespace. */
  | { kind: 'end-task'; endpoint: string; container: string }
  /** Deletes a record in containerd's own store, past CRI. */
  | { kind: 'delete-store-record'; endpoint: string; container: string }
  /**
   * Takes away what an OCI runtime keeps of a container that nobody else knows: `runc --root ROOT delete --force`.
   * The first of `programs` that is there is run.
   */
  | { kind: 'delete-oci-state'; programs: string[]; root: string; container: string }
  /** DEL for an attachment, plugin by plugin, from its file in libcni's cache. `netns`: '' where it is gone. */
  | { kind: 'release-attachment'; entry: string; file: FileIdentity; netns: string; binDirs: string[] }
  /** Removes one file, of which a copy is kept. `lock`: file to hold with flock meanwhile; '' for none. */
  | { kind: 'remove-file'; path: string; file: FileIdentity; lock: string }
  /** Takes a configuration file out of its folder. A copy is kept, and given back by podctl undo. */
  | { kind: 'put-config-aside'; path: string; file: FileIdentity }
  | NetworkAction
  /** Removes the empty cgroup, leaf first, in each hierarchy. */
  | { kind: 'remove-cgroup'; path: string; hierarchies: string[] }
  | ImageAction
  /**
   * Edits a configuration file, all but these keys left byte for byte. It has this content before (sha256). A copy
   * is kept in `backupFolder` (not where the runtime would read it) and in the run's folder. The text itself stays
   * out of the plan: it may hold secrets. `check`: null where the runtime cannot be asked what it makes of it.
   */
  | {
      kind: 'write-config';
      path: string;
      sha256: string;
      edits: ConfigEdit[];
      backupFolder: string;
      check: ConfigCheck | null;
    }
  /**
   * Takes a flag out of a unit or environment file (null), or gives it another value; every other word stays. As
   * above in all else. `flag`: without dashes.
   */
  | {
      kind: 'edit-flag';
      path: string;
      sha256: string;
      flag: string;
      value: string | null;
      backupFolder: string;
    }
  /**
   * Gives a configuration file the content of a copy back, while it is what an earlier run wrote (sha256); null: while
   * there is none, as that run took it away.
   */
  | { kind: 'restore-config'; path: string; sha256: string | null; copy: string; mode: number }
  /** Has the runtime make a sandbox; it gives it its id. */
  | { kind: 'run-sandbox'; endpoint: string; config: PodConfig }
  /** Makes a container in one of the runtime's sandboxes and starts it; takes it away when it does not start. */
  | { kind: 'start-pod-container'; endpoint: string; container: PodContainer }
  /** Asks containers to end, all at once, and kills those that have not after `graceMs`. */
  | { kind: 'stop-containers'; endpoint: string; containers: string[]; graceMs: number }
  /** With its log where that is a file of podctl's; '' for none. */
  | { kind: 'remove-container'; endpoint: string; container: string; log: string }
  /** Removes podctl's folder of the logs of a sandbox of the runtime. */
  | { kind: 'remove-pod-logs'; folder: string };

/** What must still be true immediately before an action. */
export type Guard =
  | { kind: 'process-is'; process: ProcessIdentity }
  | { kind: 'process-gone'; process: ProcessIdentity }
  | { kind: 'namespace-is'; path: string; ns: NsId }
  | { kind: 'record-is'; id: string; revision: number }
  /** It has no child: a shim that serves nobody. */
  | { kind: 'childless'; process: ProcessIdentity }
  | { kind: 'file-is'; path: string; file: FileIdentity }
  /** Nothing is there. */
  | { kind: 'absent'; path: string }
  /** The file, links followed, has this content (sha256, hex). */
  | { kind: 'content-is'; path: string; sha256: string }
  /** No live process is in it, and the path still leads to it. */
  | { kind: 'namespace-empty'; path: string; ns: NsId }
  /**
   * Neither the runtime's lists nor its store nor a bundle below `bundles` nor a process knows the id, and the
   * runtime answers.
   */
  | { kind: 'disowned'; endpoint: string; id: string; bundles: string[] }
  /** The same of a namespace's path: no record and no bundle names it, nor an attachment of an id that is known. */
  | { kind: 'netns-disowned'; endpoint: string; path: string; bundles: string[]; caches: string[] }
  /** The runtime does not list it, or as not ready, and answers. */
  | { kind: 'sandbox-unready'; endpoint: string; id: string }
  /** Listed as not ready, with no live process. */
  | { kind: 'sandbox-dead'; endpoint: string; id: string }
  /** No CNI plugin runs whose environment names the id or the namespace. */
  | { kind: 'no-plugin-runs'; id: string; netns: string }
  /** A link of the node's namespace with this index, name and other end. */
  | { kind: 'link-is'; name: string; index: number; mac: string; peerIndex: number }
  /** A link of the node's namespace that is in no bridge, bond or VRF. */
  | { kind: 'masterless'; name: string; index: number }
  /** No link of the node's namespace is in this bridge. */
  | { kind: 'portless'; name: string; index: number }
  | { kind: 'cgroup-empty'; path: string; hierarchies: string[] }
  /** Kubelet has no folder of this pod below `folder`, and the runtime no sandbox. */
  | { kind: 'pod-unknown'; endpoint: string; uid: string; folder: string }
  /** A container that the runtime lists in this state, and its sandbox with it. */
  | {
      kind: 'container-is';
      endpoint: string;
      container: string;
      sandbox: string;
      state: 'unknown' | 'exited';
    }
  /** So many mounts lie on another one of this path, as that process sees it; all are of this namespace. */
  | { kind: 'pin-stacked'; path: string; ns: NsId; layers: number; among: ProcessIdentity }
  /** It is in this cgroup, or below. */
  | { kind: 'process-in'; process: ProcessIdentity; cgroup: string }
  /** Of a container that the runtime lists as exited, or not at all: runc's process that waits to begin, or is gone. */
  | { kind: 'never-began'; endpoint: string; container: string; process: ProcessIdentity }
  /** containerd has a record of it and no task. */
  | { kind: 'no-task'; endpoint: string; container: string }
  /** The name leads to this image id; null: to none. */
  | { kind: 'image-is'; endpoint: string; image: string; id: string | null }
  /** No sandbox and no container is recorded that was made from this image, or may have been. */
  | { kind: 'image-unused'; endpoint: string; image: string; id: string }
  /** In this namespace of containerd the name stands for this digest. */
  | { kind: 'stored-image-is'; endpoint: string; namespace: string; image: string; digest: string };

export interface Step {
  id: string;
  action: Action;
  guards: Guard[];
  /** Why this step, in one clause. */
  because: string;
  timeoutMs: number;
  /** What becomes of the rest of the plan when this step fails. */
  onFailure: 'stop' | 'go-on';
}

export interface Plan {
  schema: 'podctl.plan/v1';
  remedy: string;
  risk: Risk;
  /** What it cures; null for plans that follow from a command on one of podctl's own sandboxes. */
  subject: Subject | null;
  /** What it was made from: the sandbox and the time of the look. */
  basedOn: string;
  steps: Step[];
  /** What nobody does for the operator: what remains to be done, and what speaks against it now. Sentences. */
  notes: string[];
}

export interface StepResult {
  id: string;
  status: 'done' | 'nothing-to-do' | 'refused' | 'failed' | 'not-reached';
  /** Why it was refused or failed; what came of it, where that was not known before (an image's id); else empty. */
  reason: string;
  ms: number;
}
