import fs from 'node:fs';
import path from 'node:path';
import { type Tree, tree } from '../rig/packages.ts';
import { plantProgram } from './go-program.ts';
import { plant } from './node-tree.ts';

type Line = '1.6' | '1.7' | '2.x';

const DEBIANS: Record<Line, Tree> = {
  '1.6': { name: 'containerd-1.6', suite: 'bookworm', packages: ['containerd'] },
  '1.7': { name: 'containerd-1.7', suite: 'trixie', packages: ['containerd'] },
  '2.x': { name: 'containerd-2.x', suite: 'sid', packages: ['containerd'] },
};
const TOOLS: Tree = {
  name: 'tools',
  suite: 'bookworm',
  packages: ['runc', 'containernetworking-plugins', 'busybox-static'],
};

export const PLUGINS = '/opt/cni/bin';
export const CONFIG = '/etc/containerd/config.toml';
export const CONFLIST = '/etc/cni/net.d/10-pods.conflist';
export const UNIT = '/etc/systemd/system/kubelet.service.d/10-flags.conf';

const V2 =
  'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = "registry.k8s.io/pause:3.9"\n';
const V3 =
  'version = 3\n[plugins."io.containerd.cri.v1.images".pinned_images]\n  sandbox = "registry.k8s.io/pause:3.10"\n';
/** By containerd, as it is made for each. */
export const CONFIGS: Record<Line, string> = { '1.6': V2, '1.7': V2, '2.x': V3 };

const NETWORK = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    { type: 'bridge', ipam: { type: 'host-local', ranges: [[{ subnet: '10.88.0.0/24' }]] } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

/** A sound node image at `root`: Debian's containerd and CNI plugins, a kubelet, and their configuration. */
export async function nodeImage(root: string, line: Line): Promise<void> {
  const containerd = await tree(DEBIANS[line]);
  const tools = await tree(TOOLS);
  plant(root, {
    'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n',
    'etc/hostname': 'golden\n',
    [CONFIG]: CONFIGS[line],
    [CONFLIST]: JSON.stringify(NETWORK),
    [UNIT]: '[Service]\nEnvironment="EXTRA=--node-ip=10.0.0.1"\n',
    'var/lib/kubelet/config.yaml':
      'kind: KubeletConfiguration\nresolvConf: /run/systemd/resolve/resolv.conf\n',
    ...packages(containerd),
  });
  take(path.join(containerd, 'usr/bin/containerd'), path.join(root, 'usr/bin/containerd'));
  for (const plugin of ['bridge', 'host-local', 'portmap', 'loopback'])
    take(path.join(tools, 'usr/lib/cni', plugin), path.join(root, PLUGINS, plugin));
  kubelet(root, 'v1.34.2');
}

export function kubelet(root: string, version: string): void {
  plantProgram(path.join(root, 'usr/bin/kubelet'), {
    info: ['path\tk8s.io/kubernetes/cmd/kubelet'],
    linked: [version],
  });
}

/** What dpkg would have noted. */
function packages(containerd: string): Record<string, string> {
  const names = fs.readFileSync(path.join(containerd, 'packages.txt'), 'utf8');
  const version = /^containerd_([^_]+)_/m.exec(names)?.[1] ?? '';
  return {
    'var/lib/dpkg/status': `Package: containerd\nStatus: install ok installed\nVersion: ${version}\n\n`,
    'var/lib/dpkg/info/containerd.list': '/usr/bin/containerd\n',
  };
}

/** The same file where one file system has both, else a copy. */
function take(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  try {
    fs.linkSync(from, to);
  } catch {
    fs.copyFileSync(from, to);
  }
}
