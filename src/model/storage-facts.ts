/** A sandbox in CRI-O's storage, which CRI-O takes up again when it is started. */
export interface StoredSandbox {
  id: string;
  /** `<namespace>/<name>`, as CRI-O wrote it down; the reserved name where it did not. */
  pod: string;
  uid: string;
  /** Milliseconds since 1970; 0 where the storage does not tell. */
  createdAt: number;
  /** Its config.json in the persistent folder, from which it is restored. */
  spec: { path: string; state: 'there' | 'missing' | 'empty' };
}

/** What CRI-O finds at its next start. */
export interface CrioStorageFact {
  root: string;
  sandboxes: StoredSandbox[];
  /** Mounts of shared memory of sandboxes, where CRI-O sees them. `mtime`: of the folder that they are in. */
  shm: { sandboxId: string; path: string; mtime: number }[];
  /** Files by which it knows a reboot and an unclean end; null: not configured. */
  shutdown: {
    /** In /run, so gone after a reboot. */
    versionFile: { path: string; isThere: boolean };
    /** `supported`: a CRI-O that writes the other one has run here. */
    clean: { path: string; isThere: boolean; supported: boolean } | null;
  };
}

/** A container of podman's. */
export interface PodmanContainer {
  id: string;
  name: string;
  /** Null: in no pod, or nothing tells. */
  podId: string | null;
  isInfra: boolean;
  /** Pin of its network namespace as podman wrote it down; '' for none. It outlives the pin. */
  netns: string;
}

/** One place where podman keeps containers: root's, or a user's. */
export interface PodmanPlace {
  uid: number;
  /** Folder of its state; '' where only processes tell of the place. */
  tmpDir: string;
  /** Time of the file by which podman knows that no reboot came between; null: not there. */
  aliveAt: number | null;
  /**
   * Of rootless podman: whose namespaces it joins. Null: there is no such file. `other`: a process of the same user
   * that is none of podman's; one of another user podman cannot open, and takes for gone.
   */
  pause: { path: string; pid: number | null; state: 'alive' | 'gone' | 'other' } | null;
  containers: PodmanContainer[];
  /** Monitors that run. */
  conmons: number;
  /** Of rootless podman: first processes of containers that run without their monitor. */
  unwatched: number[];
}

export interface PodmanFact {
  places: PodmanPlace[];
}

/** A container of Docker's that is a sandbox of cri-dockerd's. */
export interface DockerSandbox {
  id: string;
  /** Without the slash: k8s_POD_<pod>_<namespace>_<uid>_<attempt>. */
  name: string;
  /** created, running, paused, restarting, removing, exited, dead. */
  state: string;
  createdAt: number;
  image: string;
}

/** cri-dockerd, which speaks CRI for Docker. */
export interface CriDockerdFact {
  pid: number;
  /** From its flag; null: its built-in default. */
  image: string | null;
  rootDir: string;
  checkpoints: { path: string; sandboxId: string; state: 'whole' | 'empty' | 'malformed'; mtime: number }[];
  /** Null: Docker did not list them. */
  docker: DockerSandbox[] | null;
  /** Why it did not; '' otherwise. */
  why: string;
}
