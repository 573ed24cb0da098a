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

/**
 * Runs a shell script in which `podman` is Debian's, with all that it keeps below `dir`; gives its stdout. In a mount
 * namespace of its own: as root podman mounts /run/netns on itself, and every pin in it twice.
 */
export async function withPodman(dir: string, runc: string, cgroup: string, script: string): Promise<string> {
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
`;
  fs.writeFileSync(conf, text);
  const policy = path.join(dir, 'policy.json');
  fs.writeFileSync(policy, JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
  const places = ['root', 'runroot', 'tmpdir'].map((name) => `--${name} ${dir}/${name}`).join(' ');
  const whole = `set -e
mount --make-rprivate /
mkdir -p /run/netns
mount -t tmpfs podctl-podman /run/netns
export CONTAINERS_CONF=${conf} LD_LIBRARY_PATH=${tree}/usr/lib/${library}
POLICY=${policy} PARENT=${cgroup}
podman() { ${bin}/podman ${places} --storage-driver vfs "$@"; }
${script}`;
  return sh('unshare', ['--mount', 'sh', '-c', whole], { timeoutMs: 60_000 });
}
