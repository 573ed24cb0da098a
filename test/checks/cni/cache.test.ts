import { describe, expect, it } from 'vitest';
import damaged from '../../../checks/cni/cache-damaged.ts';
import orphaned from '../../../checks/cni/cache-orphaned.ts';
import type { CniCacheEntry, Facts } from '../../../src/model/facts.ts';
import {
  addPod,
  bareProcess,
  DAY,
  emptyNode,
  healthyNode,
  id,
  judge,
  NOW,
  unread,
} from '../../support/node.ts';

const DEAD = id('dead');
const HOUR = 3_600_000;
const PATH = `/var/lib/cni/results/podnet-${DEAD}-eth0`;

/** Adds the entry of a sandbox that nobody owns. */
function leave(node: Facts, change: Partial<CniCacheEntry> = {}): CniCacheEntry {
  const entry: CniCacheEntry = {
    path: PATH,
    state: 'whole',
    network: 'podnet',
    containerId: DEAD,
    ifName: 'eth0',
    netns: '/run/netns/cni-11111111-2222-4333-8444-555555555555',
    mtime: NOW - HOUR,
    addresses: ['10.88.0.77'],
    hostLinks: [],
    hasConfig: true,
    confirmed: true,
    ...change,
  };
  node.cniCache.entries.push(entry);
  return entry;
}

function left(change: Partial<CniCacheEntry> = {}): Facts {
  const node = healthyNode();
  leave(node, change);
  return node;
}

describe('cni/cache-orphaned', () => {
  it('passes a node where every entry has its sandbox', async () => {
    expect(await judge(orphaned, healthyNode())).toMatchObject({ verdict: 'pass', problems: [] });
  });

  it('names the entry, and what it tells', async () => {
    expect((await judge(orphaned, left())).findings).toMatchObject([
      {
        messageId: 'orphaned',
        severity: 'info',
        message: `the cached result of ${DEAD} in podnet is left, but nothing on this node owns it`,
        subject: { kind: 'file', id: PATH, name: 'podnet dead000000000' },
        data: { path: PATH, network: 'podnet', container: DEAD, ifName: 'eth0', beforeBoot: false },
        evidence: [{ value: '10.88.0.77 in /run/netns/cni-11111111-2222-4333-8444-555555555555' }],
        remedies: [{ commands: ['podctl gc ipam'] }, { commands: [`rm ${PATH}`] }],
      },
    ]);
    expect((await judge(orphaned, left({ mtime: NOW - 30 * DAY, netns: '' }))).findings).toMatchObject([
      {
        message: `the cached result of ${DEAD} in podnet is left, but nothing on this node owns it, from before the last boot`,
        data: { beforeBoot: true },
        evidence: [{ value: '10.88.0.77 in no named namespace' }],
      },
    ]);
  });

  it('reads the owner of a damaged one from its name', async () => {
    const gone = { network: '', containerId: '', ifName: '', netns: '', addresses: [] };
    expect((await judge(orphaned, left({ ...gone, state: 'empty' }))).findings).toMatchObject([
      { data: { network: 'podnet', container: DEAD, ifName: 'eth0' }, evidence: [{ value: 'empty' }] },
    ]);
    const nameless = { ...gone, state: 'malformed', path: '/var/lib/cni/results/notes' } as const;
    expect(await judge(orphaned, left(nameless))).toMatchObject({ verdict: 'pass' });
  });

  it('judges the loopback of a sandbox by what lies beside it, while another runtime is about', async () => {
    const loopback = {
      network: 'cni-loopback',
      ifName: 'lo',
      path: `/var/lib/cni/results/cni-loopback-${DEAD}-lo`,
    };
    const node = left(loopback);
    expect((await judge(orphaned, node)).findings).toMatchObject([{ subject: { id: loopback.path } }]);
    const [daemon] = node.daemons;
    if (daemon) node.daemons.push({ ...daemon, pid: 101, flags: { address: '/run/k3s/containerd.sock' } });
    expect(await judge(orphaned, node)).toMatchObject({ verdict: 'pass' });
    leave(node);
    expect((await judge(orphaned, node)).findings.map((f) => f.subject.id)).toEqual([loopback.path, PATH]);
    node.cniCache.entries.pop();
    const [reserved] = node.reservations.reservations;
    if (reserved) node.reservations.reservations.push({ ...reserved, containerId: DEAD });
    expect((await judge(orphaned, node)).findings.map((f) => f.subject.id)).toEqual([loopback.path]);
  });

  const innocent: [string, (node: Facts) => void][] = [
    ['a stopped sandbox is still listed', (n) => void n.sandboxes.push(listed(n, DEAD))],
    [
      'a CNI plugin works for it',
      (n) =>
        void n.processes.push({
          ...bareProcess(5000, 'bridge'),
          cni: { command: 'ADD', containerId: DEAD, netns: '' },
        }),
    ],
    ['it is young', (n) => void Object.assign(last(n), { mtime: NOW - 5000 })],
    ['its time lies in the future', (n) => void Object.assign(last(n), { mtime: NOW + HOUR })],
    ['it went away while we looked', (n) => void Object.assign(last(n), { confirmed: false })],
    ['it is of another kind', (n) => void Object.assign(last(n), { state: 'otherKind' })],
    ['it is no regular file', (n) => void Object.assign(last(n), { state: 'foreign' })],
    ["it is podman's", (n) => void Object.assign(last(n), { network: 'podman' })],
    ['its network is nobody of ours', (n) => void Object.assign(last(n), { network: 'macvlan', netns: '' })],
    ['its id is none of CRI', (n) => void Object.assign(last(n), { containerId: `default-${DEAD}` })],
  ];
  it.each(innocent)('does not report an entry when %s', async (_, alter) => {
    const node = left();
    alter(node);
    expect(await judge(orphaned, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('is unknown while an owner may be out of sight, or the clock tells nothing', async () => {
    const silent = unread('timeout', 'no answer within 10 s');
    expect(await judge(orphaned, left(), { store: silent })).toMatchObject({
      verdict: 'unknown',
      findings: [],
    });
    const node = left();
    Object.assign(node.sandboxes[0] ?? {}, { createdAt: NOW + DAY });
    expect(await judge(orphaned, node)).toMatchObject({ verdict: 'unknown', findings: [] });
    const shared = left();
    shared.processes.push({ ...bareProcess(5000, 'pause'), containerId: DEAD });
    expect(await judge(orphaned, shared)).toMatchObject({
      verdict: 'unknown',
      reason:
        'another runtime uses the network podnet as well: dead000000000 lives and is in no list of this one',
    });
  });
});

describe('cni/cache-damaged', () => {
  /** A node with a pod whose cached result is damaged. */
  function broken(version: string, state: 'empty' | 'malformed', ready = false) {
    const node = emptyNode();
    node.runtime.version = version;
    const pod = addPod(node, 1, 'web', ready ? {} : { state: 'notready' });
    Object.assign(pod.network.cached, { state, network: '', containerId: '', ifName: '', addresses: [] });
    return { node, pod };
  }

  it('passes a node whose entries can be read', async () => {
    expect(await judge(damaged, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('containerd 1.x cannot take the sandbox down', async () => {
    const { node, pod } = broken('1.6.20', 'empty');
    const { path } = pod.network.cached;
    expect((await judge(damaged, node)).findings).toMatchObject([
      {
        messageId: 'blocks',
        severity: 'error',
        message: `default/web cannot be stopped: its cached CNI result ${path} is empty`,
        subject: { kind: 'file', id: path, name: 'default/web' },
        data: { path, container: pod.sandbox.id },
        evidence: [{ at: path, value: 'empty' }, { value: 'NOTREADY' }],
        remedies: [{ risk: 'safe', commands: [`rm ${path}`, `crictl stopp ${pod.sandbox.id}`] }],
      },
    ]);
  });

  it('does not stop a pod that runs', async () => {
    const { node, pod } = broken('v1.7.27', 'malformed', true);
    expect((await judge(damaged, node)).findings).toMatchObject([
      {
        messageId: 'blocks',
        evidence: [{}, { value: 'READY' }],
        remedies: [{ commands: [`rm ${pod.network.cached.path}`] }],
      },
    ]);
  });

  it('containerd 2.x does without it, other runtimes may not', async () => {
    const { node, pod } = broken('2.1.9', 'malformed');
    const { path } = pod.network.cached;
    expect((await judge(damaged, node)).findings).toMatchObject([
      {
        messageId: 'harmless',
        severity: 'info',
        message: `the cached CNI result of default/web, ${path}, is no JSON; this containerd does without it`,
        remedies: [],
      },
    ]);
    node.runtime.name = 'cri-o';
    expect((await judge(damaged, node)).findings).toMatchObject([
      {
        messageId: 'mayBlock',
        severity: 'warning',
        message: `the cached CNI result of default/web, ${path}, is no JSON: taking its network down may fail`,
      },
    ]);
  });

  const innocent: [string, (node: Facts, entry: CniCacheEntry, loopback: CniCacheEntry) => void][] = [
    [
      'it is that of the loopback',
      (_, entry, loopback) => {
        entry.state = 'whole';
        loopback.state = 'empty';
      },
    ],
    ['it is being written', (_, entry) => void Object.assign(entry, { mtime: NOW - 100 })],
    ['it changed while we looked', (_, entry) => void Object.assign(entry, { confirmed: false })],
    ['its sandbox is not listed', (node) => void node.sandboxes.pop()],
    [
      'its name tells no sandbox',
      (_, entry) => void Object.assign(entry, { path: '/var/lib/cni/results/x' }),
    ],
  ];
  it.each(innocent)('does not report a damaged entry when %s', async (_, alter) => {
    const { node, pod } = broken('1.6.20', 'empty');
    alter(node, pod.network.cached, pod.network.cachedLoopback);
    expect(await judge(damaged, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });
});

function listed(node: Facts, sandbox: string) {
  const [first] = node.sandboxes;
  if (!first) throw new Error('the node has no sandbox');
  return { ...first, id: sandbox, state: 'notready' as const };
}

function last(node: Facts): CniCacheEntry {
  const entry = node.cniCache.entries.at(-1);
  if (!entry) throw new Error('the node has no entry');
  return entry;
}
