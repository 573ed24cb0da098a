import fs from 'node:fs';
import path from 'node:path';
import { fetchPackages } from './apt.ts';
import { withLock } from './lock.ts';
import { cacheFolder } from './packages.ts';
import { sh } from './sh.ts';

const PACKAGES = ['podman', 'conmon', 'libgpgme11', 'libassuan0', 'libsubid4', 'libyajl2'];

/** Debian 12's podman as unpacked, with its libraries; fetched once. */
async function podmanTree(): Promise<string> {
  const folder = path.join(cacheFolder(), 'podman');
  if (fs.existsSync(folder)) return folder;
  return withLock(`${folder}.lock`, async () => {
    if (fs.existsSync(folder)) return folder;
    const work = fs.mkdtempSync(`${folder}.tmp-`);
    try {
      const into = path.join(work, 'tree');
      fs.mkdirSync(into);
      await fetchPackages('bookworm', PACKAGES, work, into);
      fs.renameSync(into, folder);
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
    return folder;
  });
}

/** How podman is set up, besides what every run has. */
export interface PodmanOptions {
  /** A network for it, with CNI plugins of this folder. */
  network?: { cniBin: string; bridge: string; subnet: string };
  /** Process in whose mount namespace it runs: then its pins are among those of a runtime. Default: one of its own. */
  among?: number;
  /** Keeps all in the usual places, which are empty ones of its own mount namespace. */
  usualPlaces?: true;
}

/**
 * Runs a shell script in which `podman` is Debian's, with all that it keeps below `dir`; gives its stdout. In a mount
 * namespace of its own: as root podman mounts /run/netns on itself, and every pin in it twice.
 */
export async function withPodman(
  dir: string,
  runc: string,
  cgroup: string,
  script: string,
  { network, among, usualPlaces }: PodmanOptions = {},
): Promise<string> {
  const tree = await podmanTree();
  const bin = path.join(tree, 'usr/bin');
  const library = fs.readdirSync(path.join(tree, 'usr/lib')).find((name) => name.endsWith('-linux-gnu'));
  const conf = path.join(dir, 'containers.conf');
  const text = `[engine]
conmon_path = ["${bin}/conmon"]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
[engine.runtimes]
runc = ["${runc}"]
[containers]
apparmor_profile = "unconfined"
default_ulimits = []
${network ? `[network]\nnetwork_config_dir = "${dir}/networks"\ncni_plugin_dirs = ["${network.cniBin}"]\n` : ''}`;
  fs.writeFileSync(conf, text);
  const policy = path.join(dir, 'policy.json');
  fs.writeFileSync(policy, JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
  if (network) writeNetwork(dir, network);
  const places = usualPlaces
    ? ''
    : ['root', 'runroot', 'tmpdir'].map((name) => `--${name} ${dir}/${name}`).join(' ');
  const own = [
    '/run/netns',
    ...(usualPlaces ? ['/var/lib/containers', '/run/containers', '/run/libpod'] : []),
  ];
  const cover = own.map((at) => `mkdir -p ${at}\nmount -t tmpfs podctl-podman ${at}\n`).join('');
  const whole = `set -e
${among === undefined ? `mount --make-rprivate /\n${cover}` : ''}
export CONTAINERS_CONF=${conf} LD_LIBRARY_PATH=${tree}/usr/lib/${library}
POLICY=${policy} PARENT=${cgroup}
podman() { ${bin}/podman ${places} --storage-driver vfs "$@"; }
${script}`;
  const [file, ...args] =
    among === undefined ? ['unshare', '--mount'] : ['nsenter', '-t', String(among), '-m'];
  return sh(file ?? '', [...args, 'sh', '-c', whole], { timeoutMs: 60_000 });
}

/** The network that podman takes when none is named. */
function writeNetwork(dir: string, { bridge, subnet }: NonNullable<PodmanOptions['network']>): void {
  const ipam = { type: 'host-local', dataDir: path.join(dir, 'addresses'), ranges: [[{ subnet }]] };
  const plugins = [{ type: 'bridge', bridge, isGateway: true, ipam }];
  fs.mkdirSync(path.join(dir, 'networks'), { recursive: true });
  fs.writeFileSync(
    path.join(dir, 'networks', '87-podman.conflist'),
    JSON.stringify({ cniVersion: '0.4.0', name: 'podman', plugins }),
  );
}
