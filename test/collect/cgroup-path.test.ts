import { expect, test } from 'vitest';
import { parseCgroup } from '../../src/collect/cgroup-path.ts';

const ID = 'ab2ec6e23d9585b8a0e04e0a78ba9908640a93a8c622cddb66fa8595e907fb0b';
const OTHER = 'aad1002856b963aa83a9e9e04c5ad5659644363a5e972c7dbe99115e868e83cd';
const UID = '3e22d60c-4eec-4366-a21b-0ed1cbec8c81';
const STATIC_UID = 'f534b6f05bc49bf2086cb1399fe886dd';
const SLICE = `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${UID.replaceAll('-', '_')}.slice`;

const owner = (path: string) => {
  const { containerId, podUid } = parseCgroup(`0::${path}\n`);
  return [containerId, podUid];
};

test.each([
  ['cgroupfs, containerd', `/kubepods/besteffort/pod${UID}/${ID}`, [ID, UID]],
  ['cgroupfs, CRI-O', `/kubepods/besteffort/pod${UID}/crio-${ID}`, [ID, UID]],
  ['guaranteed', `/kubepods/pod${UID}/${ID}`, [ID, UID]],
  ['static pod', `/kubepods/burstable/pod${STATIC_UID}/${ID}`, [ID, STATIC_UID]],
  ['systemd, containerd', `${SLICE}/cri-containerd-${ID}.scope`, [ID, UID]],
  ['systemd, CRI-O', `${SLICE}/crio-${ID}.scope`, [ID, UID]],
  ['systemd, CRI-O, payload below', `${SLICE}/crio-${ID}.scope/container`, [ID, UID]],
  [
    "a slice's name for the cgroupfs driver",
    `/kubepods-besteffort-pod${UID.replaceAll('-', '_')}.slice:cri-containerd:${ID}`,
    [ID, UID],
  ],
  ['below a container', `/kubepods/pod${UID}/${ID}/init.scope`, [ID, UID]],
  ['without a cgroup parent', `/k8s.io/${ID}`, [ID, null]],
  ['podman, container', `/libpod_parent/${OTHER}/libpod-${ID}`, [ID, null]],
  ['its cgroup was removed', `/kubepods/pod${UID}/${ID} (deleted)`, [ID, UID]],
  ['seen from another cgroup namespace', `/../../kubepods/pod${UID}/${ID}`, [ID, UID]],
])('%s', (_, path, expected) => {
  expect(owner(path)).toEqual(expected);
});

test.each([
  ['a daemon', '/', [null, null]],
  ['a unit', '/system.slice/containerd.service', [null, null]],
  ['conmon of CRI-O', `${SLICE}/crio-conmon-${ID}.scope`, [null, UID]],
  ['conmon of podman', `/machine.slice/libpod-conmon-${ID}.scope`, [null, null]],
  ['conmon of a podman pod', `/libpod_parent/${OTHER}/conmon`, [null, null]],
  ['a pod without container', `/kubepods/besteffort/pod${UID}`, [null, UID]],
  ['63 digits', `/kubepods/pod${UID}/${ID.slice(1)}`, [null, UID]],
  ['65 digits', `/kubepods/pod${UID}/${ID}0`, [null, UID]],
  ['upper case', `/k8s.io/${ID.toUpperCase()}`, [null, null]],
])('%s is no container', (_, path, expected) => {
  expect(owner(path)).toEqual(expected);
});

test('ids that a container makes up inside its own cgroup do not count', () => {
  expect(owner(`/kubepods/pod${UID}/${ID}/${OTHER}`)).toEqual([ID, UID]);
  expect(owner(`/kubepods/pod${UID}/${ID}/pod${STATIC_UID}/crio-${OTHER}.scope`)).toEqual([ID, UID]);
  expect(owner(`/docker/${OTHER}/kubelet/kubepods/pod${UID}/${ID}`)).toEqual([ID, UID]);
});

test('a hybrid node: the first hierarchy that names a container', () => {
  const path = `/kubepods/besteffort/pod${UID}/${ID}`;
  const text = `9:name=systemd:/\n8:pids:${path}\n7:memory:/lab${path}\n0::/\n`;
  expect(parseCgroup(text)).toEqual({ path, containerId: ID, podUid: UID });
});

test('no container: the path of pids, else of the unified hierarchy', () => {
  expect(parseCgroup('9:name=systemd:/a\n8:pids:/b\n7:memory:/c\n0::/d\n').path).toBe('/b');
  expect(parseCgroup('9:name=systemd:/a\n0::/d\n').path).toBe('/d');
  expect(parseCgroup('0::/with:colon\n').path).toBe('/with:colon');
  expect(parseCgroup('').path).toBe('');
});
