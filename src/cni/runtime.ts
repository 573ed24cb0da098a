/** Where libcni, and so every other runtime, keeps results. */
export const CACHE_DIR = '/var/lib/cni';

/** Where distributions and Kubernetes put plugins, in the order in which they are looked at. */
export const BIN_FOLDERS = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni'] as const;

/** How plugins are found, run and remembered. */
export interface CniRuntime {
  /** Folders of plugins; becomes CNI_PATH. */
  binFolders: readonly string[];
  /** Holds the folder `results`. */
  cacheDir: string;
  /** Deadline of one plugin's run; then it is killed with its children. */
  timeoutMs: number;
  /** PATH for plugins that call iptables and the like. */
  envPath: string;
  /** Kills the plugin that runs. What it began is undone all the same. */
  signal?: AbortSignal;
}

/** Folders of plugins: those given, else those of CNI_PATH, else the usual ones. Relative ones are left out. */
export function binFolders(given: readonly string[], cniPath: string | undefined): string[] {
  const named = given.length > 0 ? given : (cniPath ?? '').split(':');
  const usable = named.filter((folder) => folder.startsWith('/') && !folder.includes(':'));
  return usable.length > 0 ? [...new Set(usable)] : [...BIN_FOLDERS];
}

/** A PATH for plugins: ours, and the folders of administrators' programs, which a user's lacks. */
export function pluginPath(own: string | undefined): string {
  const all = [...(own ?? '').split(':'), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return [...new Set(all.filter((folder) => folder.startsWith('/')))].join(':');
}
