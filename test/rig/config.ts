import type { Line } from './packages.ts';

/** What a test may vary in a containerd configuration. */
export interface ConfigSettings {
  /** Sandbox image under the key that is right for the version; null writes no such key. */
  sandboxImage: string | null;
  /** Program named as the runtime's BinaryName. */
  runc: string;
  imports: string[];
  /** Written after everything else. */
  tail: string;
}

export interface ConfigPaths {
  root: string;
  state: string;
  socket: string;
  opt: string;
  cniBin: string;
  confDir: string;
}

/** Config version that a line of containerd takes. */
export function configVersion(line: Line): 2 | 3 {
  return line === '2.x' ? 3 : 2;
}

/**
 * The text of config.toml for a private containerd: nothing at a host path but what cannot be moved.
 * Without CAP_SYS_RESOURCE `restrict_oom_score_adj` is needed or no sandbox starts.
 */
export function containerdConfig(line: Line, paths: ConfigPaths, settings: ConfigSettings): string {
  return `version = ${configVersion(line)}
root = ${quote(paths.root)}
state = ${quote(paths.state)}
imports = [${settings.imports.map(quote).join(', ')}]

[grpc]
  address = ${quote(paths.socket)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${quote(paths.opt)}

[plugins."io.containerd.nri.v1.nri"]
  disable = true

${line === '2.x' ? cri2(paths, settings) : criTable(paths, settings)}
${settings.tail}`;
}

/** The whole table of the CRI plugin of containerd 1.x, where a drop-in replaces the table. */
export function criTable(paths: ConfigPaths, settings: ConfigSettings): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  const image = settings.sandboxImage === null ? '' : `  sandbox_image = ${quote(settings.sandboxImage)}\n`;
  return `[${cri}]
${image}  restrict_oom_score_adj = true
  disable_apparmor = true

[${cri}.cni]
  bin_dir = ${quote(paths.cniBin)}
  conf_dir = ${quote(paths.confDir)}

[${cri}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[${cri}.containerd.runtimes.runc.options]
  BinaryName = ${quote(settings.runc)}
`;
}

function cri2(paths: ConfigPaths, settings: ConfigSettings): string {
  const runtime = 'plugins."io.containerd.cri.v1.runtime"';
  const image =
    settings.sandboxImage === null
      ? ''
      : `[plugins."io.containerd.cri.v1.images".pinned_images]\n  sandbox = ${quote(settings.sandboxImage)}\n\n`;
  return `${image}[${runtime}]
  restrict_oom_score_adj = true
  disable_apparmor = true

[${runtime}.cni]
  bin_dirs = [${quote(paths.cniBin)}]
  conf_dir = ${quote(paths.confDir)}

[${runtime}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[${runtime}.containerd.runtimes.runc.options]
  BinaryName = ${quote(settings.runc)}
`;
}

/** A CNI conflist with the bridge plugin and host-local; touches no firewall unless told. */
export function cniConflist(
  network: string,
  bridge: string,
  subnet: string,
  dataDir: string,
  { ipMasq = false, portmap = false } = {},
): string {
  const plugin = {
    type: 'bridge',
    bridge,
    isGateway: true,
    ipMasq,
    ipam: { type: 'host-local', dataDir, ranges: [[{ subnet }]], routes: [{ dst: '0.0.0.0/0' }] },
  };
  const plugins = [plugin, ...(portmap ? [{ type: 'portmap', capabilities: { portMappings: true } }] : [])];
  return `${JSON.stringify({ cniVersion: '1.0.0', name: network, plugins }, null, 2)}\n`;
}

/** A TOML basic string; JSON's escapes are a subset of TOML's. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
