import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, healthyNode, id, kill, NOW, type Pod, unread } from '../../support/node.ts';
import { FILE, guardsOf, kindsOf, planFor, plannedFor, refusalFor } from '../../support/remedy.ts';

const HOUR = 3_600_000;
const DEAD = id('dead');
const PIN_GUARDS = ['no-plugin-runs', 'netns-disowned', 'namespace-empty'];
const ID_GUARDS = ['no-plugin-runs', 'disowned'];

/** A pod of which pin, link, address and cache are left, and the node that has them. */
function leaked(): { node: Facts; pod: Pod } {
  const node = healthyNode();
  const pod = addPod(node, 9, 'gone');
  kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
  node.sandboxes = node.sandboxes.filter((s) => s !== pod.sandbox);
  node.containers = node.containers.filter((c) => c.sandboxId !== pod.sandbox.id);
  node.store.records = node.store.records.filter((r) => r !== pod.record);
  node.store.sandboxes = node.store.sandboxes?.filter((one) => one !== pod.sandbox.id) ?? null;
  node.bundles = node.bundles.filter((b) => b.sandboxId !== pod.sandbox.id);
  return { node, pod };
}

/** The same after a reboot: the pin and what was in it are gone. */
function rebooted(): { node: Facts; pod: Pod } {
  const { node, pod } = leaked();
  node.pins.pins = node.pins.pins.filter((pin) => pin.path !== pod.pinPath);
  node.networks.pods = node.networks.pods.filter((one) => one.path !== pod.pinPath);
  node.cniCache.entries = node.cniCache.entries.filter(
    (e) => e.ifName !== 'lo' || e.containerId !== pod.sandbox.id,
  );
  return { node, pod };
}

describe('netns/leaked', () => {
  it('sends DEL while the namespace is there, then unpins it, then frees what is left', async () => {
    const { node, pod } = leaked();
    const plan = await planFor('netns/leaked', node);
    expect(plan).toMatchObject({ risk: 'safe', subject: { id: pod.pinPath } });
    expect(kindsOf(plan)).toEqual(['release-attachment', 'release-attachment', 'unpin', 'remove-file']);
    expect(guardsOf(plan)).toEqual([PIN_GUARDS, PIN_GUARDS, PIN_GUARDS, ID_GUARDS]);
    const [eth0, loopback, unpin, reservation] = plan.steps;
    expect(eth0?.action).toMatchObject({ netns: pod.pinPath, file: FILE, binDirs: ['/opt/cni/bin'] });
    expect(eth0?.action).toMatchObject({ entry: expect.stringContaining('eth0') });
    expect(loopback?.action).toMatchObject({ entry: expect.stringContaining('-lo') });
    expect(unpin?.action).toMatchObject({ path: pod.pinPath, ns: pod.pause.ns.net });
    expect(reservation?.action).toMatchObject({ path: pod.network.reservation.path });
    expect(reservation?.action).toMatchObject({ lock: `${pod.network.reservation.folder}/lock` });
    expect(plan.steps.every((step) => step.onFailure === 'stop')).toBe(true);
  });

  it('refuses where a device of the node is inside, unless it is forced', async () => {
    const { node, pod } = leaked();
    const inside = node.networks.pods.find((one) => one.ns === pod.pause.ns.net);
    inside?.seen?.links.push({
      index: 77,
      name: 'ens4',
      mac: '02:00:00:00:00:02',
      up: true,
      loopback: false,
      kind: '',
      peerIndex: 0,
      peerNetnsId: -1,
      master: 0,
    });
    const refusal = await refusalFor('netns/leaked', node);
    expect(refusal).toMatchObject({ name: 'devices-inside', surer: expect.stringContaining('--force') });
    expect(refusal.reason).toContain('ens4 (a device) is in');
    expect(kindsOf(await planFor('netns/leaked', node, { force: ['devices-inside'] }))).toContain('unpin');
  });

  it('does not mind the tunnels that the kernel puts into every namespace', async () => {
    const { node, pod } = leaked();
    const inside = node.networks.pods.find((one) => one.ns === pod.pause.ns.net);
    const [first] = inside?.seen?.links ?? [];
    if (first)
      inside?.seen?.links.push({ ...first, index: 78, name: 'tunl0', kind: 'ipip', loopback: false });
    expect(kindsOf(await planFor('netns/leaked', node))).toContain('unpin');
  });

  it('refuses where nobody can see what is inside', async () => {
    const { node } = leaked();
    const networks = unread('denied', 'no');
    expect(await refusalFor('netns/leaked', node, { instead: { networks } })).toMatchObject({
      name: 'devices-inside',
    });
  });

  it('refuses where the runtime does not answer, and where a file was changed since the look', async () => {
    const { node } = leaked();
    const runtime = unread('timeout', 'it hangs');
    expect(await refusalFor('netns/leaked', node, { instead: { runtime } })).toMatchObject({
      name: 'runtime-silent',
      reason: 'it hangs',
    });
    expect(await refusalFor('netns/leaked', node, { identify: () => null })).toMatchObject({
      name: 'not-possible',
      reason: expect.stringContaining('was changed since the look'),
    });
  });
});

describe('cni/leaked-reservation', () => {
  it('sends DEL without a namespace where the cache tells of the attachment, and frees the address anyhow', async () => {
    const { node, pod } = rebooted();
    const plan = await planFor('cni/leaked-reservation', node);
    expect(kindsOf(plan)).toEqual(['release-attachment', 'remove-file']);
    expect(guardsOf(plan)).toEqual([ID_GUARDS, ID_GUARDS]);
    expect(plan.steps[0]).toMatchObject({ action: { netns: '' }, onFailure: 'go-on' });
    expect(plan.steps[1]?.action).toMatchObject({ path: pod.network.reservation.path });
  });

  it('keeps the address while the namespace that has it is there and DEL fails', async () => {
    const { node, pod } = leaked();
    const plan = await planFor('cni/leaked-reservation', node);
    expect(plan.steps[0]).toMatchObject({ action: { netns: pod.pinPath }, onFailure: 'stop' });
    expect(guardsOf(plan)).toEqual([
      [...ID_GUARDS, ...PIN_GUARDS],
      [...ID_GUARDS, ...PIN_GUARDS],
    ]);
  });

  it('removes the file alone where nothing else tells', async () => {
    const { node, pod } = rebooted();
    node.cniCache.entries = node.cniCache.entries.filter((e) => e.containerId !== pod.sandbox.id);
    const plan = await planFor('cni/leaked-reservation', node);
    expect(kindsOf(plan)).toEqual(['remove-file']);
    expect(guardsOf(plan)).toEqual([ID_GUARDS]);
  });

  it('refuses what was changed since the look', async () => {
    const { node } = rebooted();
    expect(await refusalFor('cni/leaked-reservation', node, { identify: () => null })).toMatchObject({
      name: 'not-possible',
    });
  });
});

describe('cni/cache-orphaned', () => {
  it('sends DEL, which takes the file away', async () => {
    const plan = await planFor('cni/cache-orphaned', rebooted().node);
    expect(kindsOf(plan)).toEqual(['release-attachment']);
    expect(guardsOf(plan)).toEqual([ID_GUARDS]);
  });

  it('removes a file that holds no configuration', async () => {
    const { node, pod } = rebooted();
    for (const entry of node.cniCache.entries)
      if (entry.containerId === pod.sandbox.id) entry.hasConfig = false;
    const plan = await planFor('cni/cache-orphaned', node);
    expect(kindsOf(plan)).toEqual(['remove-file']);
    expect(guardsOf(plan)).toEqual([ID_GUARDS]);
  });
});

describe('cni/cache-damaged', () => {
  it('removes a file that nobody can read, whoever owns it', async () => {
    const node = healthyNode();
    node.runtime.version = '1.6.20';
    const pod = addPod(node, 9, 'stuck', { state: 'notready' });
    const entry = node.cniCache.entries.find((e) => e.containerId === pod.sandbox.id && e.ifName !== 'lo');
    Object.assign(entry ?? {}, {
      state: 'empty',
      mtime: NOW - HOUR,
      containerId: '',
      network: '',
      ifName: '',
    });
    const plan = await planFor('cni/cache-damaged', node);
    expect(kindsOf(plan)).toEqual(['remove-file']);
    expect(guardsOf(plan)).toEqual([['no-plugin-runs', 'file-is']]);
    expect(plan.steps[0]?.guards[0]).toMatchObject({ id: pod.sandbox.id });
    expect(await plannedFor('cni/cache-damaged', node, { identify: () => null })).toHaveProperty('refusal');
  });
});

describe('cni/dangling-link', () => {
  it('deletes the link by its index, while nobody is at its other end', async () => {
    const { node, pod } = leaked();
    const plan = await planFor('cni/dangling-link', node);
    expect(kindsOf(plan)).toEqual(['delete-link']);
    const { name, index, mac, peerIndex } = pod.network.link;
    expect(plan.steps[0]?.action).toEqual({ kind: 'delete-link', name, index, mac });
    expect(plan.steps[0]?.guards[0]).toEqual({ kind: 'link-is', name, index, mac, peerIndex });
    expect(guardsOf(plan)).toEqual([['link-is', ...PIN_GUARDS]]);
  });

  it('refuses where the namespace is gone by now', async () => {
    const { node } = leaked();
    const pins = unread('missing', 'gone');
    expect(await refusalFor('cni/dangling-link', node, { instead: { pins } })).toMatchObject({
      name: 'not-possible',
    });
  });
});

it('guards a reservation by the id that is in it', async () => {
  const node = healthyNode();
  const folder = node.reservations.reservations[0]?.folder ?? '';
  node.reservations.reservations.push({
    path: `${folder}/10.88.9.9`,
    folder,
    network: 'podnet',
    address: '10.88.9.9',
    containerId: DEAD,
    ifName: 'eth0',
    mtime: NOW - HOUR,
    state: 'whole',
    confirmed: true,
  });
  const plan = await planFor('cni/leaked-reservation', node);
  expect(plan.steps[0]?.guards).toContainEqual(expect.objectContaining({ kind: 'disowned', id: DEAD }));
});
