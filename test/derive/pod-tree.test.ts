import { expect, test } from 'vitest';
import { podTree } from '../../src/derive/pod-tree.ts';
import { podViews } from '../../src/derive/pod-view.ts';
import type { Facts } from '../../src/model/facts.ts';
import { addPod, bareProcess, HOST_NS, healthyNode, id, kill, ns } from '../support/node.ts';
import { addOwn, ownSandbox } from '../support/own.ts';
import { snapshotOf } from '../support/snapshot.ts';

function treeOf(node: Facts, podId: string) {
  const { facts } = snapshotOf(node);
  const pods = podViews(facts);
  const pod = pods.find((p) => p.id === podId);
  if (!pod) throw new Error(`no pod ${podId}`);
  return podTree(facts, pods, pod);
}

test('healthy pods differ nowhere, whatever they share with the node', () => {
  const node = healthyNode();
  addOwn(node, ownSandbox(1));
  const trees = ['a1', 'a2', 'a3', 'd1'].map((n) => treeOf(node, id(n)));
  for (const tree of trees) {
    expect(tree.containers.flatMap((c) => c.differs)).toEqual([]);
    expect(tree.containers.every((c) => c.judged)).toBe(true);
    expect(tree.strangers).toEqual([]);
    expect(tree.pauseProcesses).toHaveLength(1);
  }
  expect(trees.map((t) => [t.title, t.netns.host])).toEqual([
    ['default/web', false],
    ['default/agent', true],
    ['default/shared', false],
    ['podctl/own-1', false],
  ]);
});

test('processes hang below those that started them, what was brought in beside', () => {
  const node = healthyNode();
  const pod = addPod(node, 8, 'tree');
  const [app] = pod.containers;
  if (!app) throw new Error('no container');
  const child = { ...app.init, pid: 850, ppid: app.init.pid, comm: 'child' };
  const grandchild = { ...app.init, pid: 851, ppid: 850, comm: 'grandchild' };
  const exec = { ...app.init, pid: 852, ppid: pod.shim.pid, comm: 'sh' };
  node.processes.unshift(exec);
  node.processes.push(child, grandchild);
  const [first] = treeOf(node, pod.sandbox.id).containers;
  const names = (p: { comm: string; children: { comm: string; children: unknown[] }[] }) => [
    p.comm,
    ...p.children.map((c) => c.comm),
  ];
  expect(first?.processes.map(names)).toEqual([['app', 'child'], ['sh']]);
  expect(first?.processes[0]?.children[0]?.children.map((c) => c.comm)).toEqual(['grandchild']);
});

test("a container in another pod's network namespace is named with the owner, and is a stranger there", () => {
  const node = healthyNode();
  const other = addPod(node, 8, 'other');
  const [, sidecar] = node.processes.filter((p) => p.podUid === 'uid-1' && p.comm !== 'pause');
  if (!sidecar) throw new Error('no sidecar');
  sidecar.ns = { ...sidecar.ns, net: other.pause.ns.net };
  const tree = treeOf(node, id('a1'));
  const net = `net:[${other.pause.ns.net?.split(':')[1]}]`;
  expect(tree.containers.map((c) => c.differs)).toEqual([
    [],
    [{ type: 'net', ns: net, whose: 'default/other' }],
  ]);
  expect(treeOf(node, other.sandbox.id).strangers).toMatchObject([
    { pid: sidecar.pid, of: 'default/web/sidecar' },
  ]);
});

test("a container in the node's network is said to be there", () => {
  const node = healthyNode();
  const pod = addPod(node, 8, 'escaped');
  const [app] = pod.containers;
  if (app) app.init.ns = { ...app.init.ns, net: HOST_NS.net, ipc: ns(9999) };
  const [first] = treeOf(node, pod.sandbox.id).containers;
  expect(first?.differs.map((d) => [d.type, d.whose])).toEqual([
    ['net', 'the node'],
    ['ipc', ''],
  ]);
});

test('a child may leave, and its container is not to blame', () => {
  const node = healthyNode();
  const pod = addPod(node, 8, 'browser');
  const [app] = pod.containers;
  if (!app) throw new Error('no container');
  node.processes.push({ ...app.init, pid: 850, ppid: app.init.pid, ns: { ...app.init.ns, net: ns(9998) } });
  const [first] = treeOf(node, pod.sandbox.id).containers;
  expect(first?.differs).toEqual([]);
  expect(first?.processes[0]?.children[0]?.differs.map((d) => d.type)).toEqual(['net']);
});

test('without a pause its pin says what the sandbox is', () => {
  const node = healthyNode();
  const pod = addPod(node, 8, 'headless', { state: 'notready' });
  kill(node, pod.pause);
  const tree = treeOf(node, pod.sandbox.id);
  expect(tree.pauseProcesses).toEqual([]);
  expect(tree.namespaces).toEqual({ net: `net:[${pod.pause.ns.net?.split(':')[1]}]` });
  expect(tree.containers[0]?.differs).toEqual([]);
});

test('namespaces that could not be read are not judged', () => {
  const node = healthyNode();
  const pod = addPod(node, 8, 'denied');
  const [app] = pod.containers;
  if (app) app.init.ns = { ...app.init.ns, net: null };
  const [first] = treeOf(node, pod.sandbox.id).containers;
  expect(first).toMatchObject({ judged: false, differs: [] });
});

test('a process of nobody in its network namespace is shown; the shim and what is dead are not', () => {
  const node = healthyNode();
  const pod = addPod(node, 8, 'visited');
  const visitor = { ...bareProcess(860, 'tcpdump'), ns: { ...HOST_NS, net: pod.pause.ns.net } };
  node.processes.push(visitor, { ...visitor, pid: 861, state: 'Z' });
  pod.shim.ns = { ...pod.shim.ns, net: pod.pause.ns.net };
  expect(treeOf(node, pod.sandbox.id).strangers.map((p) => [p.pid, p.of])).toEqual([[860, '']]);
});
