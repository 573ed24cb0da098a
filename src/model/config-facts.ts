/** A value of the runtime's configuration and where it stands. `line` is 1-based; null for built-in defaults. */
export interface ConfigValue {
  value: string;
  file: string | null;
  line: number | null;
  origin: 'file' | 'default';
}

export interface ConfigFile {
  path: string;
  /** The `version` the file declares (1 when it has none); 0 where versions do not apply (CRI-O). */
  version: number;
  mtime: number;
  sha256: string;
  error: { message: string; line: number | null; column: number | null } | null;
}

/** A key that the runtime will not honour as it stands there. */
export interface IgnoredKey {
  file: string;
  line: number | null;
  key: string;
  value: string;
  /** Why: the key belongs to another config version, or a later file replaced its whole table. */
  reason: 'wrong-version' | 'overridden' | 'table-replaced' | 'not-migrated';
  /** File that undid it, for `overridden`, `table-replaced` and `not-migrated`. */
  by: string | null;
  /** How the key is called in this version, for `wrong-version`. */
  insteadKey: string | null;
}

/** Where a runtime has its network configurations and CNI plugins. */
export interface CniFolders {
  confDir: string;
  binDirs: string[];
  /** CRI-O: name of the network that is taken, whatever the order of files. */
  defaultNetwork?: string;
  /** containerd: it is told to bring up the loopback itself. */
  internalLoopback?: boolean;
}

/** What the configuration files make the runtime do at its next start. */
export interface RuntimeConfigFact {
  runtime: 'containerd' | 'crio';
  /** Files in load order, the main file first. */
  files: ConfigFile[];
  /**
   * Null when it cannot be known: the version of containerd, and so its default, is not known, or a file
   * has an error, with which the runtime would not start.
   */
  sandboxImage: ConfigValue | null;
  /** What this version uses when no file says anything; null when the version is not known. */
  defaultSandboxImage: string | null;
  /** What the main file says, whether honoured or not; null when it says nothing. */
  statedSandboxImage: ConfigValue | null;
  ignored: IgnoredKey[];
  rootDir: string;
  stateDir: string;
  /** Socket from the configuration. */
  address: string;
  /** Folder of network namespace pins. */
  netnsDir: string;
  /** Absent in snapshots of earlier versions. */
  cni?: CniFolders;
  /**
   * How it makes cgroups, and where that stands; null where its files do not tell for certain. Absent in snapshots of
   * earlier versions.
   */
  cgroupDriver?: { value: 'systemd' | 'cgroupfs'; at: string } | null;
  /** containerd: programs that are run in place of runc, by path. Absent in snapshots of earlier versions. */
  runcs?: string[];
  /** containerd: a statement that switches CRI off; null: none does. Absent in snapshots of earlier versions. */
  criDisabled?: ConfigValue | null;
  /**
   * CRI-O: file in /run that a reboot takes away, and file that a clean end leaves ('' for none). Absent for
   * containerd, and in snapshots of earlier versions.
   */
  marks?: { version: string; cleanShutdown: string };
  /** CRI-O: is the pause container dropped when nobody needs it? False for containerd. */
  dropsInfra: boolean;
  /** When the daemon that answers was started; null when none runs. A file changed later is not in force. */
  daemonStartedAt: number | null;
}
