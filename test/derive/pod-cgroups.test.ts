import { expect, it } from 'vitest';
import { podRoot } from '../../src/derive/pod-cgroups.ts';

it.each([
  ['/kubepods/besteffort/pod1', '/kubepods'],
  ['/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice', '/kubepods.slice'],
  [
    '/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod1.slice',
    '/kubelet.slice/kubelet-kubepods.slice',
  ],
  ['/k3s/kubepods/pod1/abc', '/k3s/kubepods'],
  ['/lab/pod1/abc', '/lab'],
])('the pods beside %s are in %s', (path, root) => {
  expect(podRoot(path)).toBe(root);
});
