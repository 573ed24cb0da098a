import { expect, test } from 'vitest';
import { podViews } from '../../src/derive/pod-view.ts';
import { findInspected, inspect } from '../../src/derive/truths/inspect.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { InspectReport } from '../../src/model/truths.ts';
import { addPod, healthyNode, id, kill, ns, type Pod } from '../support/node.ts';
import { addOwn, ownSandbox } from '../support/own.ts';
import { snapshotOf } from '../support/snapshot.ts';

function report(node: Facts, text: string): InspectReport {
  const { facts } = snapshotOf(node);
  const pods = podViews(facts);
  const [what] = findInspected(facts, pods, text);
  if (!what) throw new Error(`there is no ${text}`);
  return inspect(facts, pods, what);
}

/** What differs in a pod that was broken so. */
function differences(change: (node: Facts, pod: Pod) => void): string[] {
  const node = healthyNode();
  change(node, addPod(node, 5, 'db', { containers: ['postgres'] }));
  return report(node, 'default/db').truths.flatMap((t) =>
    t.differs === '' ? [] : [`${t.about}: ${t.differs}`],
  );
}

test('of healthy pods all four say the same', () => {
  const node = healthyNode();
  addOwn(node, ownSandbox(1));
  for (const name of ['web', 'agent', 'shared', 'own-1']) {
    const { truths, unseen } = report(node, name);
    expect(truths.filter((t) => t.differs !== '')).toEqual([]);
    expect(unseen).toEqual([]);
  }
  const said = new Map(report(node, 'web').truths.map((t) => [t.about, t]));
  expect(said.get('address')).toMatchObject({
    kernel: { said: '10.88.0.2' },
    disk: { said: 'reserved 10.88.0.2, cached 10.88.0.2' },
  });
  expect(said.get('pause')).toMatchObject({
    kernel: { said: 'pid 111 pause' },
    disk: { said: 'init.pid 111' },
  });
  expect(said.get('app')).toMatchObject({ runtime: { said: 'running' }, kernel: { said: 'pid 120 app' } });
});

test.each<[string, (node: Facts, pod: Pod) => void, string[]]>([
  [
    'pause is dead',
    (node, { pause, sandbox }) => {
      kill(node, pause);
      sandbox.state = 'notready';
    },
    ['pod: the runtime calls it notready, and 1 container runs'],
  ],
  [
    'pause is dead, and the runtime has not noticed',
    (node, { pause }) => kill(node, pause),
    ['pause: there is no pause: nothing reaps, and nothing new can join'],
  ],
  [
    'all is dead, and the runtime has not noticed',
    (node, { pause, containers }) => kill(node, pause, ...containers.map((c) => c.init)),
    [
      'pod: the runtime calls it ready, and no process of it runs',
      'pause: there is no pause: nothing reaps, and nothing new can join',
      'postgres: the runtime calls postgres running, and no process of it runs',
    ],
  ],
  [
    'its pin is not mounted',
    (node, { pinPath }) => {
      const pin = node.pins.pins.find((p) => p.path === pinPath);
      if (pin) pin.ns = null;
    },
    ['netns: its pin /run/netns/cni-00000000-0000-4000-8000-000000000005 is not mounted'],
  ],
  [
    'its pin holds another namespace',
    (node, { pinPath }) => {
      const pin = node.pins.pins.find((p) => p.path === pinPath);
      if (pin) pin.ns = ns(9999);
    },
    ['netns: its pause is in another network namespace than its pin holds'],
  ],
  [
    'its address was taken away',
    (node, { pause }) => {
      const inside = node.networks.pods.find((p) => p.ns === pause.ns.net);
      if (inside?.seen) inside.seen.addresses = [];
    },
    ['address: its cache entry has 10.88.0.6, and the network namespace does not'],
  ],
  [
    'a container is elsewhere',
    (_, { containers }) => {
      const [app] = containers;
      if (app) app.init.ns = { ...app.init.ns, net: ns(101) };
    },
    [
      `postgres: postgres is in another net namespace than its sandbox: net:[4026530101], that of default/web`,
    ],
  ],
  [
    'a container is said to have exited, and runs',
    (_, { containers }) => {
      const [app] = containers;
      if (app) app.listed.state = 'exited';
    },
    ['postgres: the runtime says that postgres has exited, and it runs'],
  ],
  [
    'the list lacks it',
    (node, { sandbox }) => {
      node.sandboxes = node.sandboxes.filter((s) => s !== sandbox);
    },
    ['pod: it runs, and the runtime does not list it'],
  ],
  [
    'the bundle names another pause',
    (node, { sandbox }) => {
      const bundle = node.bundles.find((b) => b.id === sandbox.id);
      if (bundle) bundle.initPid = 77;
    },
    ['pause: the bundle names 77 as its pause, and 511 is it'],
  ],
  ['nothing is wrong', () => {}, []],
])('%s', (_, change, expected) => {
  expect(differences(change)).toEqual(expected);
});

test('kubelet is asked by uid, and unseen where it does not answer', () => {
  const node = healthyNode();
  const pod = addPod(node, 5, 'db');
  const about = () => report(node, 'default/db').truths.find((t) => t.about === 'pod');
  node.podOwners.pods = [
    { uid: pod.sandbox.uid, namespace: 'default', name: 'db', phase: 'Running', staticUid: '' },
  ];
  expect(about()?.kubelet).toEqual({ said: 'Running', seen: true });
  node.podOwners.pods = [];
  expect(about()).toMatchObject({
    kubelet: { said: 'no such pod' },
    differs: 'the runtime runs it, and kubelet does not know it',
  });
  node.podOwners = { ...node.podOwners, pods: null, why: 'nobody answers at 127.0.0.1:10255' };
  expect(about()).toMatchObject({ kubelet: { seen: false }, differs: '' });
  expect(report(node, 'default/db').unseen).toEqual([
    { party: 'kubelet', why: 'nobody answers at 127.0.0.1:10255' },
  ]);
});

test('what could not be seen is no difference', () => {
  const { facts } = snapshotOf(healthyNode());
  const problem = { code: 'denied', message: 'permission denied' } as const;
  const blind = { ...facts, processes: { status: 'failed', problem, ms: 1 } as const };
  const pods = podViews(blind);
  const [what] = findInspected(blind, pods, 'web');
  if (!what) throw new Error('there is no web');
  const { truths, unseen } = inspect(blind, pods, what);
  expect(truths.filter((t) => t.differs !== '')).toEqual([]);
  expect(truths.every((t) => !t.kernel.seen || t.kernel.said !== 'nothing runs')).toBe(true);
  expect(unseen).toContainEqual({ party: 'kernel', why: 'permission denied' });
});

test.each([
  ['web', 'pod', 'default/web'],
  ['default/web/app', 'container', 'default/web/app'],
  ['web/sidecar', 'container', 'default/web/sidecar'],
  ['sidecar', 'container', 'default/web/sidecar'],
  ['c10', 'container', 'default/web/app'],
  [id('c11'), 'container', 'default/web/sidecar'],
  ['120', 'process', '120 app of default/web/app'],
  ['111', 'process', '111 pause of default/web'],
  ['1', 'process', '1 systemd of the node'],
])('%s is a %s', (text, kind, title) => {
  expect(report(healthyNode(), text).thing).toMatchObject({ kind, title });
});

test('a process in another network namespace than its pod is said to be', () => {
  const node = healthyNode();
  const app = node.processes.find((p) => p.pid === 120);
  if (app) app.ns = { ...app.ns, net: ns(301) };
  const net = report(node, '120').truths.find((t) => t.about === 'net');
  expect(net?.kernel.said).toBe('net:[4026530301], default/shared');
  expect(net?.differs).toBe('its pod is in net:[4026530101]');
});
