import { expect, test } from 'vitest';
import check from '../../../checks/cni/wrong-configuration.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, bareProcess, emptyNode } from '../../support/node.ts';
import { agent, conf, FOLDER, said, WINNER } from './network.ts';

const FLANNEL = conf('20-flannel.conflist', 'cbr0', 'flannel');

/** Other files beside the node's own; the first one of all wins. */
function withFiles(...files: ReturnType<typeof conf>[]): Facts {
  const node = emptyNode();
  node.cniConf.files = [...node.cniConf.files, ...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  node.cniConf.winner = node.cniConf.files[0]?.path ?? null;
  return node;
}

test('one configuration alone, and one beside a loopback or a broken one, are as they should be', async () => {
  expect(await said(check, emptyNode())).toEqual([]);
  expect(await said(check, withFiles(conf('99-loopback.conf', 'lo', 'loopback')))).toEqual([]);
  expect(await said(check, withFiles(conf('99-x.conf', '', '', { problem: 'broken' })))).toEqual([]);
});

test('several are named with the one that is used, for information', async () => {
  expect(await said(check, withFiles(conf('87-podman.conflist', 'podman', 'bridge')))).toEqual([
    `info: ${WINNER} is used (network podnet); ${FOLDER}/87-podman.conflist come later and are not`,
  ]);
});

test('a sample before a network with an agent is named', async () => {
  const sample = conf('05-containerd.conflist', 'containerd-net', 'bridge');
  expect(await said(check, withFiles(sample, FLANNEL))).toEqual([
    `warning: ${sample.path}, a sample of containerd, wins over ${FLANNEL.path} of flannel`,
  ]);
});

test('a network whose agent is gone, before one whose agent runs, is named', async () => {
  const node = withFiles(conf('05-cilium.conflist', 'cilium', 'cilium-cni'), FLANNEL);
  node.containers.push(agent('kube-flannel'));
  const text = `warning: ${FOLDER}/05-cilium.conflist is of cilium-cni, whose agent does not run here, and wins over ${FLANNEL.path} of flannel, whose agent does`;
  expect(await said(check, node)).toEqual([text]);
  node.containers.push(agent('cilium-agent'));
  expect(await said(check, node)).toEqual([expect.stringMatching(/^info: /)]);
});

test('an agent may run on the node itself; one that runs nowhere else proves nothing', async () => {
  const flannelFirst = conf('05-flannel.conflist', 'cbr0', 'flannel');
  const node = withFiles(flannelFirst, conf('20-calico.conflist', 'k8s', 'calico'));
  expect(await said(check, node)).toEqual([expect.stringMatching(/^info: /)]);
  node.containers.push(agent('calico-node'));
  node.processes.push(bareProcess(70, 'k3s-server'));
  expect(await said(check, node)).toEqual([expect.stringMatching(/^info: /)]);
});

test('ready pods of a network that comes later are counted; those with both are not', async () => {
  const node = withFiles(conf('05-other.conflist', 'other', 'ptp'));
  const [first, second] = [addPod(node, 1, 'a'), addPod(node, 2, 'b')];
  expect(await said(check, node)).toEqual([
    `warning: new pods get the network other of ${FOLDER}/05-other.conflist, but 2 ready pods have podnet of ${WINNER}, which comes later`,
  ]);
  for (const { id } of [first.sandbox, second.sandbox]) {
    const entry = node.cniCache.entries.find((e) => e.containerId === id);
    if (entry) node.cniCache.entries.push({ ...entry, network: 'other', ifName: 'net1' });
  }
  expect(await said(check, node)).toEqual([expect.stringMatching(/^info: /)]);
});
