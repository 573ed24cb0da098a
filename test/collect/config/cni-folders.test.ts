import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { containerdCni, crioCni } from '../../../src/collect/config/cni-folders.ts';

const USUAL = { confDir: '/etc/cni/net.d', binDirs: ['/opt/cni/bin'] };
const containerd = (...files: string[]) => containerdCni(files.map((file) => parse(file)));
const crio = (flags: Record<string, string>, ...files: string[]) =>
  crioCni(
    files.map((file) => parse(file)),
    flags,
  );

test('containerd: each version of its file, the last that says something', () => {
  const v2 = `[plugins."io.containerd.grpc.v1.cri".cni]\nconf_dir = "/v2"\nbin_dir = "/bin2/"`;
  const v3 = `[plugins."io.containerd.cri.v1.runtime".cni]\nconf_dir = "/v3"\nbin_dirs = ["/a", "/b"]`;
  expect(containerd('[plugins.cri.cni]\nconf_dir = "/v1"')).toEqual({ ...USUAL, confDir: '/v1' });
  expect(containerd(v2)).toEqual({ confDir: '/v2', binDirs: ['/bin2'] });
  expect(containerd(v3)).toEqual({ confDir: '/v3', binDirs: ['/a', '/b'] });
  expect(containerd(v3, v3.replace('"/v3"', '"/later"').replace('["/a", "/b"]', '[]'))).toEqual({
    confDir: '/later',
    binDirs: ['/a', '/b'],
  });
});

test.each(['', 'plugins = 7', '[plugins.cri]\ncni = "x"', '[plugins.cri.cni]\nconf_dir = 7\nbin_dirs = "x"'])(
  'containerd: %j says nothing',
  (file) => {
    expect(containerd(file)).toEqual(USUAL);
  },
);

test('CRI-O: its files by key, and flags above them', () => {
  const file = '[crio.network]\nnetwork_dir = "/etc/x/"\nplugin_dirs = ["/usr/lib/cni/", 7]';
  expect(crio({})).toEqual(USUAL);
  expect(crio({}, file)).toEqual({ confDir: '/etc/x', binDirs: ['/usr/lib/cni'] });
  expect(crio({}, file, '[crio.network]\nnetwork_dir = "/y"')).toEqual({
    confDir: '/y',
    binDirs: ['/usr/lib/cni'],
  });
  const flags = { 'cni-config-dir': '/flag', 'cni-plugin-dir': '/plugins' };
  expect(crio(flags, file)).toEqual({ confDir: '/flag', binDirs: ['/plugins'] });
});
