import { beforeAll, describe, expect, test } from 'vitest';
import { gather } from '../../src/collect/gather.ts';
import { collectors } from '../../src/collect/index.ts';
import type { FactName, Facts } from '../../src/model/facts.ts';
import { CAPTURES, type CaptureName, loadCapture, readCapture } from '../captures/load.ts';

const ALL = collectors.map((collector) => collector.fact);

/** What the tables of the recorded sets say: sandboxes (ready), containers (running), pins of networks, records. */
interface Counts {
  sandboxes: [number, number];
  containers: [number, number];
  netns: number;
  pauses: number;
  store: { records: number; tasks: number; sandboxes: number | null } | null;
}

const COUNTS: Record<CaptureName, Counts> = {
  'containerd-1.6': {
    sandboxes: [5, 4],
    containers: [8, 6],
    netns: 3,
    pauses: 4,
    store: { records: 13, tasks: 10, sandboxes: null },
  },
  'containerd-1.7': {
    sandboxes: [5, 4],
    containers: [8, 6],
    netns: 3,
    pauses: 4,
    store: { records: 13, tasks: 10, sandboxes: 0 },
  },
  'containerd-2.1': {
    sandboxes: [5, 4],
    containers: [8, 6],
    netns: 3,
    pauses: 4,
    store: { records: 13, tasks: 10, sandboxes: 5 },
  },
  'crio-1.37': { sandboxes: [5, 4], containers: [8, 6], netns: 4, pauses: 1, store: null },
  'crio-1.37-with-infra': { sandboxes: [5, 4], containers: [8, 6], netns: 4, pauses: 4, store: null },
  'kubelet-1.36-on-containerd-1.7': {
    sandboxes: [5, 3],
    containers: [8, 5],
    netns: 2,
    pauses: 3,
    store: { records: 13, tasks: 8, sandboxes: 0 },
  },
  'kubelet-1.36-on-crio': { sandboxes: [4, 3], containers: [6, 5], netns: 3, pauses: 1, store: null },
};

/** Reads a recorded node with every collector. */
async function look(name: CaptureName) {
  const node = await loadCapture(readCapture(name));
  const facts = await gather(collectors, ALL, node.host, node.look, new AbortController().signal);
  await node.close();
  const value = <N extends FactName>(fact: N): Facts[N] => {
    const outcome = facts[fact];
    if (outcome?.status !== 'complete') throw new Error(`${fact}: ${JSON.stringify(outcome)}`);
    return outcome.value as Facts[N];
  };
  return { facts, value };
}

describe.each(CAPTURES)('%s', (name) => {
  const counts = COUNTS[name];
  const kubelet = name.startsWith('kubelet');
  let seen: Awaited<ReturnType<typeof look>>;
  beforeAll(async () => {
    seen = await look(name);
  });

  test('every fact is complete, or absent because the node has no such thing', () => {
    const { facts } = seen;
    const expected = ALL.map((fact) => {
      const ofStore = fact === 'store' || fact === 'storeContainers' || fact === 'tasks';
      // The captures hold no /proc/net/unix, no logs and no images of containerd's, and no networks can be entered.
      const ofRuntime = ['runtimeLog', 'imageStore', 'pauseContent'].includes(fact);
      const none =
        (ofStore && counts.store === null) ||
        ((fact === 'kubelet' || fact === 'kubeletConfig') && !kubelet) ||
        ofRuntime ||
        (fact === 'crioStorage' && counts.store !== null) ||
        [
          'sockets',
          'abstractSockets',
          'memoryKills',
          'networks',
          'firewall',
          'podman',
          'criDockerd',
        ].includes(fact);
      return [fact, none ? 'absent' : 'complete'];
    });
    expect(ALL.map((fact) => [fact, facts[fact]?.status])).toEqual(expected);
  });

  test('the runtime and its lists are those of the tables', () => {
    const { value } = seen;
    const crio = counts.store === null;
    expect(value('endpoints').chosen?.path).toBe(
      crio ? '/run/crio/crio.sock' : '/run/containerd/containerd.sock',
    );
    const runtime = value('runtime');
    expect(runtime.name).toBe(crio ? 'cri-o' : 'containerd');
    expect(runtime.conditions.filter((c) => c.status).map((c) => c.type)).toEqual(
      expect.arrayContaining(['RuntimeReady', 'NetworkReady']),
    );
    expect(runtime.cniLoadErrors).toEqual([]);
    expect(runtime.sandboxImage).toBe(name === 'containerd-2.1' ? null : 'registry.k8s.io/pause:3.10');
    const sandboxes = value('sandboxes');
    const containers = value('containers');
    expect([sandboxes.length, sandboxes.filter((s) => s.state === 'ready').length]).toEqual(counts.sandboxes);
    expect([containers.length, containers.filter((c) => c.state === 'running').length]).toEqual(
      counts.containers,
    );
    expect(value('images')).toHaveLength(2);
    const ids = new Set(sandboxes.map((s) => s.id));
    expect(containers.filter((c) => !ids.has(c.sandboxId))).toEqual([]);
  });

  test('pins and processes are those of the tables', () => {
    const { value } = seen;
    const pins = value('pins').pins.filter((p) => p.type === 'net');
    expect(pins).toHaveLength(counts.netns);
    const sandboxes = new Set(value('sandboxes').map((s) => s.id));
    const containers = new Set(value('containers').map((c) => c.id));
    const owned = value('processes').flatMap((p) => (p.containerId === null ? [] : [p.containerId]));
    expect(owned.filter((id) => sandboxes.has(id))).toHaveLength(counts.pauses);
    expect(owned.filter((id) => containers.has(id))).toHaveLength(counts.containers[1]);
    expect(owned.filter((id) => !sandboxes.has(id) && !containers.has(id))).toEqual([]);
  });

  test('times are those of a node that runs now', () => {
    const { value } = seen;
    const { now, bootTime } = value('host');
    for (const { createdAt } of [...value('sandboxes'), ...value('containers')]) {
      expect(createdAt).toBeGreaterThan(bootTime - 1000);
      expect(createdAt).toBeLessThan(now);
    }
  });
});

describe.each(CAPTURES.filter((name) => COUNTS[name].store !== null))('store of %s', (name) => {
  test('records, tasks and sandboxes match the lists', async () => {
    const { value } = await look(name);
    const store = value('store');
    const apps = value('storeContainers');
    expect({
      records: store.records.length + apps.length,
      tasks: value('tasks').length,
      sandboxes: store.sandboxes?.length ?? null,
    }).toEqual(COUNTS[name].store);
    const sandboxes = value('sandboxes');
    for (const { id, name: pod, namespace, uid, attempt, createdAt } of sandboxes) {
      const record = store.records.find((r) => r.id === id);
      expect(record).toMatchObject({ kind: 'sandbox', name: `${pod}_${namespace}_${uid}_${attempt}` });
      expect(record?.modes).not.toBeNull();
      expect(record?.createdAt).toBe(createdAt);
    }
    const hostNetwork = store.records.filter((r) => r.modes?.net === 'node');
    expect(hostNetwork).toHaveLength(1);
    expect(hostNetwork[0]?.netnsPath).toBeNull();
    const ids = new Set(sandboxes.map((s) => s.id));
    expect(apps.every((r) => r.kind === 'container')).toBe(true);
    expect(apps.every((r) => r.sandboxId !== null && ids.has(r.sandboxId))).toBe(true);
    expect(apps.every((r) => r.imageId?.startsWith('sha256:'))).toBe(true);
  });
});
