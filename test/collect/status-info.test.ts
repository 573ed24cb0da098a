import { expect, test } from 'vitest';
import { statusInfo } from '../../src/collect/status-info.ts';

test('containerd 1.x shows its sandbox image and folders', () => {
  const config = JSON.stringify({
    sandboxImage: 'registry.k8s.io/pause:3.10',
    containerdRootDir: '/var/lib/containerd',
    rootDir: '/var/lib/containerd/io.containerd.grpc.v1.cri',
    stateDir: '/run/containerd/io.containerd.grpc.v1.cri',
    registry: { configs: { 'r.example': { auth: { password: 'hunter2' } } } },
  });
  const seen = statusInfo({ config, golang: '"go1.19.8"', lastCNILoadStatus: 'OK', cniconfig: '{}' });
  expect(seen).toEqual({
    sandboxImage: 'registry.k8s.io/pause:3.10',
    rootDir: '/var/lib/containerd',
    stateDir: '/run/containerd',
    cgroupDriver: null,
    cniLoadErrors: [],
    cni: null,
  });
});

test('the reasons why no network was loaded are told once each', () => {
  const why = 'cni config load failed: no network config found in /etc/cni/net.d';
  const info = { lastCNILoadStatus: why, 'lastCNILoadStatus.default': JSON.stringify(why) };
  expect(statusInfo(info).cniLoadErrors).toEqual([why]);
});

test.each([
  '',
  'not json',
  'null',
  '[]',
  '{"sandboxImage": 7, "stateDir": {}}',
  '{"__proto__": {"sandboxImage": "x"}}',
])('a config of %j tells nothing', (config) => {
  expect(statusInfo({ config })).toEqual({
    sandboxImage: null,
    rootDir: null,
    stateDir: null,
    cgroupDriver: null,
    cniLoadErrors: [],
    cni: null,
  });
});

test.each([
  [{ runtimeType: 'io.containerd.runc.v2', options: { SystemdCgroup: true } }, 'systemd'],
  [{ runtimeType: 'io.containerd.runc.v2', options: { SystemdCgroup: false } }, 'cgroupfs'],
  [{ runtimeType: 'io.containerd.runc.v2', options: null }, 'cgroupfs'],
  [{ runtimeType: 'io.containerd.kata.v2' }, null],
  [undefined, null],
])('the default runtime %j makes cgroups with the driver %s', (runc, driver) => {
  const config = JSON.stringify({ containerd: { defaultRuntimeName: 'runc', runtimes: { runc } } });
  expect(statusInfo({ config }).cgroupDriver).toBe(driver);
});
