import { expect, test } from 'vitest';
import { canaryMaker, canaryName } from '../../src/derive/canary-name.ts';
import { stageOf } from '../../src/derive/canary-stage.ts';
import { canaryTarget } from '../../src/derive/canary-target.ts';
import { leftOf, OWN_TRACE_FACTS, TRACE_FACTS, unseenOf } from '../../src/derive/canary-traces.ts';
import { addPod, healthyNode, PAUSE, SOCKET } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';

test('a name says whose canary it is, and no other name does', () => {
  const maker = { pid: 412, startTicks: 86_412_345 };
  expect(canaryName(maker)).toBe('podctl-canary-412-86412345');
  expect(canaryMaker(canaryName(maker))).toEqual(maker);
  for (const name of ['podctl-canary', 'podctl-canary-1', 'podctl-canary-1-2-3', 'my-podctl-canary-1-2', ''])
    expect(canaryMaker(name)).toBe(null);
});

test.each([
  ['failed to setup network for sandbox "a": plugin type="bridge" failed (add): x', 'network'],
  ['failed to setup network for sandbox "a": cni plugin not initialized', 'network'],
  ['failed to create pod network sandbox k8s_a: error adding pod to CNI network "x"', 'network'],
  ['failed to get sandbox image "registry.k8s.io/pause:3.9": failed to pull image', 'image'],
  ['failed to create containerd task: failed to create shim task: OCI runtime create failed', 'process'],
  ['failed to reserve sandbox name "a_b": name "a_b" is reserved for "c"', 'name'],
  ['/run/x.sock accepted the connection but did not answer RunPodSandbox within 5 s', 'silence'],
  ['something else', ''],
])('"%s" is about: %s', (text, stage) => {
  expect(stageOf(text)).toBe(stage);
});

test('where a canary is made follows from the facts of a passive look', () => {
  const node = healthyNode();
  const target = canaryTarget(snapshotOf(node).facts);
  expect(target).toMatchObject({ endpoint: SOCKET, answers: true, image: PAUSE, asksApiServer: '' });
  const [conf] = node.cniConf.files;
  const winner = {
    ...conf,
    path: '/etc/cni/net.d/1.conflist',
    name: 'pods',
    cniVersion: '1.0.0',
    problem: '',
  };
  const plugin = (type: string, delegates: string[] = []) => ({ type, bridge: null, ipam: null, delegates });
  const on = (plugins: ReturnType<typeof plugin>[], problem = '') => {
    const cniConf = { ...node.cniConf, files: [{ ...winner, plugins, problem }], winner: winner.path };
    return canaryTarget(snapshotOf({ ...node, cniConf }).facts);
  };
  expect(on([plugin('calico'), plugin('portmap')]).asksApiServer).toBe('calico');
  expect(on([plugin('flannel', ['bridge', 'host-local'])]).asksApiServer).toBe('');
  expect(on([plugin('meta', ['ovn-k8s-cni-overlay'])]).asksApiServer).toBe('ovn-k8s-cni-overlay');
  expect(on([], 'it is cut short').network).toMatchObject({ name: '', fault: 'it is cut short' });
  expect(canaryTarget({})).toMatchObject({ endpoint: '', answers: false, image: '', network: { name: '' } });
});

test('every trace of a sandbox is named, and those of others are not', () => {
  const node = healthyNode();
  const pod = addPod(node, 40, 'canary');
  const { facts } = snapshotOf(node);
  const none = { ids: ['f'.repeat(64)], pins: [], links: [] };
  expect(leftOf(facts, none)).toEqual([]);
  const left = leftOf(facts, { ids: [pod.sandbox.id], pins: [], links: [] });
  const kinds = new Set(left.map((line) => line.split(' ')[0]));
  expect([...kinds].sort()).toEqual(
    ['bundle', 'cached', 'cgroup', 'process', 'record', 'reservation', 'sandbox'].sort(),
  );
  expect(unseenOf(facts, TRACE_FACTS)).toEqual([]);
  const failed = { status: 'failed' as const, problem: { code: 'timeout' as const, message: '' }, ms: 1 };
  expect(unseenOf({ ...facts, pins: failed }, OWN_TRACE_FACTS)).toEqual(['pins']);
});
