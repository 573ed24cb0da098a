/** What the monitor of a container tells of podman by its command line. */
export interface PodmanMonitor {
  containerId: string;
  name: string;
  /** Folder of the container, below the root of the storage. */
  bundle: string;
  /** Places as podman gives them to the command that it wants run at the end; '' where it does not. */
  root: string;
  runRoot: string;
  tmpDir: string;
}

const ID = /^[0-9a-f]{64}$/;
const OWN: Readonly<Record<string, 'containerId' | 'name' | 'bundle' | 'command'>> = {
  '-c': 'containerId',
  '-n': 'name',
  '-b': 'bundle',
  '--exit-command': 'command',
};
const OF_COMMAND: Readonly<Record<string, 'root' | 'runRoot' | 'tmpDir'>> = {
  '--root': 'root',
  '--runroot': 'runRoot',
  '--tmpdir': 'tmpDir',
};

/** Reads the arguments of a conmon; null when podman did not start it, or it is something else. */
export function parsePodmanMonitor(args: readonly string[]): PodmanMonitor | null {
  const own: Partial<Record<'containerId' | 'name' | 'bundle' | 'command', string>> = {};
  const command: string[] = [];
  for (let i = 1; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const key = Object.hasOwn(OWN, arg) ? OWN[arg] : undefined;
    if (arg === '--exit-command-arg') command.push(args[++i] ?? '');
    else if (key !== undefined) own[key] ??= args[++i] ?? '';
  }
  const { containerId = '', name = '', bundle = '' } = own;
  if (!/(^|\/)podman$/.test(own.command ?? '') || !ID.test(containerId)) return null;
  const places = { root: '', runRoot: '', tmpDir: '' };
  for (const [i, word] of command.entries()) {
    const key = Object.hasOwn(OF_COMMAND, word) ? OF_COMMAND[word] : undefined;
    if (key !== undefined) places[key] = command[i + 1] ?? '';
  }
  return { containerId, name, bundle, ...places };
}
