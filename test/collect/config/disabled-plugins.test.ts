import { expect, test } from 'vitest';
import { readContainerd } from '../../../src/collect/config/containerd.ts';
import { createReadHost } from '../../../src/host/read-host.ts';
import { plant, temporaryFolder } from '../../support/node-tree.ts';

const FILE = '/etc/containerd/config.toml';

async function disabledBy(text: string) {
  const root = temporaryFolder();
  plant(root, { [FILE]: text });
  const { config } = await readContainerd(createReadHost(root), {
    file: FILE,
    version: null,
    workingFolder: '/',
    flags: {},
    defaults: {
      root: '/var/lib/containerd',
      state: '/run/containerd',
      address: '/run/containerd/containerd.sock',
    },
  });
  return config.criDisabled;
}

test.each([
  'cri',
  'io.containerd.grpc.v1.cri',
  'io.containerd.cri.v1.runtime',
  'io.containerd.cri.v1.images',
])('CRI is switched off by %s', async (plugin) => {
  const text = `version = 2\n\ndisabled_plugins = ["btrfs", "${plugin}"]\n`;
  expect(await disabledBy(text)).toEqual({ value: plugin, file: FILE, line: 3, origin: 'file' });
});

test.each(['disabled_plugins = []', 'disabled_plugins = ["aufs"]', 'disabled_plugins = "cri"', ''])(
  'and not by %s',
  async (text) => {
    expect(await disabledBy(`version = 2\n${text}\n`)).toBeNull();
  },
);
