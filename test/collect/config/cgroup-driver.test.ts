import { expect, test } from 'vitest';
import { readContainerd } from '../../../src/collect/config/containerd.ts';
import { readCrio } from '../../../src/collect/config/crio.ts';
import { createReadHost } from '../../../src/host/read-host.ts';
import { plant, temporaryFolder } from '../../support/node-tree.ts';

const MAIN = '/etc/containerd/config.toml';
const DEFAULT = { value: 'cgroupfs', at: 'built-in default' };
const handler = (cri: string, name: string, is: boolean) =>
  `[plugins."${cri}".containerd.runtimes.${name}.options]\nSystemdCgroup = ${is}\n`;
const [V2, V3] = ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.runtime'];

async function containerd(files: Record<string, string>) {
  const root = temporaryFolder();
  plant(root, files);
  const defaults = { root: '/r', state: '/s', address: '/a' };
  const target = { file: MAIN, version: '2.1.9', workingFolder: '/', flags: {}, defaults };
  return (await readContainerd(createReadHost(root), target)).config.cgroupDriver;
}

test.each([
  ['nothing', 'version = 3\n', DEFAULT],
  ['of version 3', `version = 3\n${handler(V3, 'runc', true)}`, { value: 'systemd', at: `${MAIN}:3` }],
  ['of version 2', `version = 2\n${handler(V2, 'runc', true)}`, { value: 'systemd', at: `${MAIN}:3` }],
  ['of another version', `version = 3\n${handler(V2, 'runc', true)}`, DEFAULT],
  [
    'of another handler than the default',
    `version = 3\n[plugins."${V3}".containerd]\ndefault_runtime_name = "kata"\n${handler(V3, 'runc', true)}`,
    DEFAULT,
  ],
  ['that is off', `version = 3\n${handler(V3, 'runc', false)}`, { value: 'cgroupfs', at: `${MAIN}:3` }],
  ['that is no TOML', 'version =', null],
])("a file of containerd's that says what is %s", async (_, text, driver) => {
  expect(await containerd({ [MAIN]: text })).toEqual(driver);
});

test("files of containerd's that contradict each other tell nothing for certain", async () => {
  const main = `version = 3\nimports = ["/etc/containerd/b.toml"]\n${handler(V3, 'runc', true)}`;
  const other = (is: boolean) => `version = 3\n${handler(V3, 'runc', is)}`;
  expect(await containerd({ [MAIN]: main, '/etc/containerd/b.toml': other(false) })).toBeNull();
  expect(await containerd({ [MAIN]: main, '/etc/containerd/b.toml': other(true) })).toMatchObject({
    value: 'systemd',
  });
});

test.each([
  ['', {}, { value: 'systemd', at: 'built-in default' }],
  ['cgroupfs', {}, { value: 'cgroupfs', at: '/etc/crio/crio.conf.d/1.conf:2' }],
  ['cgroupfs', { 'cgroup-manager': 'systemd' }, { value: 'systemd', at: '--cgroup-manager' }],
  ['other', {}, null],
])("CRI-O's cgroup_manager %j with %o", async (text, flags, driver) => {
  const root = temporaryFolder();
  plant(root, { '/etc/crio/crio.conf.d/1.conf': `[crio.runtime]\ncgroup_manager = "${text}"\n` });
  const target = { file: null, folder: '/etc/crio/crio.conf.d', version: '1.34.0', flags };
  expect((await readCrio(createReadHost(root), target)).config.cgroupDriver).toEqual(driver);
});
