import { readContainerd } from '../../../src/collect/config/containerd.ts';
import { readCrio } from '../../../src/collect/config/crio.ts';
import { createReadHost } from '../../../src/host/read-host.ts';
import { plant, temporaryFolder } from '../../support/node-tree.ts';

export const MAIN = '/etc/containerd/config.toml';
export const V1 = '[plugins.cri]\n';
export const V2 = '[plugins."io.containerd.grpc.v1.cri"]\n';
export const V3 = "[plugins.'io.containerd.cri.v1.images'.pinned_images]\n";

/** What containerd of a version makes of these files of a node. */
export async function containerd(version: string | null, files: Record<string, string>) {
  const root = temporaryFolder();
  plant(root, files);
  const { config, problems } = await readContainerd(createReadHost(root), {
    file: MAIN,
    version,
    workingFolder: '/',
    flags: {},
    defaults: { root: '/var/lib/containerd', state: '/run/containerd', address: '/run/containerd.sock' },
  });
  return { ...config, problems, errors: config.files.flatMap(({ error }) => (error ? [error] : [])) };
}

/** What CRI-O of a version makes of these files of a node. */
export async function crio(
  version: string | null,
  files: Record<string, string>,
  flags: Record<string, string> = {},
) {
  const root = temporaryFolder();
  plant(root, files);
  const host = createReadHost(root);
  const target = { file: '/etc/crio/crio.conf', folder: '/etc/crio/crio.conf.d', version, flags };
  const { config, problems } = await readCrio(host, target);
  return { ...config, problems, errors: config.files.flatMap(({ error }) => (error ? [error] : [])) };
}
