import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/duplicate-name.ts';
import { logEvents } from '../../../src/collect/log-lines.ts';
import type { Facts } from '../../../src/model/facts.ts';
import {
  addPod,
  emptyNode,
  healthyNode,
  id,
  judge,
  kill,
  type Pod,
  SOCKET,
  unread,
} from '../../support/node.ts';

const COPY = id('c0de');

/** A node on which the record of a running pod is there twice. */
function doubled(): { node: Facts; pod: Pod } {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web', { uid: 'u1' });
  node.store.records.push({ ...pod.record, id: COPY });
  return { node, pod };
}

describe('sandbox/duplicate-name', () => {
  it('passes a node where every name is there once', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names the record that is dead, and deletes it through containerd', async () => {
    const { node, pod } = doubled();
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'oneLives',
        severity: 'error',
        message:
          'containerd will not start again: 2 records have the name web_default_u1_0; c0de000000000 has no process',
        subject: { kind: 'sandbox', id: COPY, name: 'default/web' },
        data: { ids: `${pod.sandbox.id} ${COPY}`, deadIds: COPY },
        evidence: [
          { at: 'record a100000000000', value: 'READY; pause 111; bundle' },
          { at: 'record c0de000000000', value: 'not listed; no pause; no bundle' },
        ],
        remedies: [{ risk: 'destructive', commands: [`ctr -n k8s.io containers rm ${COPY}`] }],
      },
    ]);
  });

  it('names the socket that ctr would not find', async () => {
    const { node } = doubled();
    node.endpoints.chosen = { path: '/run/k3s/containerd.sock', source: 'flag', state: 'socket' };
    for (const { shim } of node.processes) if (shim) shim.address = '/run/k3s/containerd.sock';
    expect((await judge(check, node)).findings[0]?.remedies[0]?.commands).toEqual([
      `ctr -a /run/k3s/containerd.sock -n k8s.io containers rm ${COPY}`,
    ]);
  });

  it('decides nothing where all of them live, or none', async () => {
    const { node, pod } = doubled();
    const alive = structuredClone(node);
    alive.processes.push({
      ...pod.shim,
      pid: 5000,
      shim: { namespace: 'k8s.io', id: COPY, address: SOCKET },
    });
    expect((await judge(check, alive)).findings).toMatchObject([
      {
        messageId: 'allLive',
        message:
          'containerd will not start again: 2 records have the name web_default_u1_0, and all of them run',
        remedies: [],
      },
    ]);
    kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
    node.bundles = [];
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'allDead',
        message:
          'containerd will not start again: 2 records have the name web_default_u1_0, and none of them has a process',
        remedies: [],
      },
    ]);
  });

  it('says that it cannot tell them apart without bundles', async () => {
    const { node } = doubled();
    const { findings } = await judge(check, node, { bundles: unread('denied', 'may not be listed') });
    expect(findings).toMatchObject([
      {
        messageId: 'unsure',
        message:
          'containerd will not start again: 2 records have the name web_default_u1_0; which of them lives cannot be seen',
        data: { deadIds: '' },
        remedies: [],
      },
    ]);
  });

  it('reports neither several attempts of a pod, nor records that nobody can read', async () => {
    const { node } = doubled();
    node.store.records.pop();
    addPod(node, 2, 'web', { uid: 'u1', attempt: 1 });
    addPod(node, 3, 'a').record.name = null;
    addPod(node, 4, 'b').record.name = null;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('is unknown while the store cannot be read', async () => {
    const silent = unread('timeout', 'no answer within 10 s');
    expect(await judge(check, doubled().node, { store: silent })).toMatchObject({ verdict: 'unknown' });
  });

  /** As containerd 1.7 wrote it when it ended. */
  const SAID =
    'time="2026-11-25T00:08:35.065612078Z" level=fatal msg="Failed to run CRI service" error="failed to recover state: failed to reserve sandbox name \\"web_default_u1_0\\": name \\"web_default_u1_0\\" is reserved for \\"af9bbf66ed6c4bf8\\""';
  const down = unread('unavailable', 'connection refused');

  it.each([null, 100])('says why containerd does not start: its log, by pid %s', async (pid) => {
    const node = emptyNode();
    if (pid === null) node.daemons = [];
    node.runtimeLog = [
      { pid, kind: 'containerd', source: 'journalctl --unit containerd', events: logEvents(SAID) },
    ];
    const { findings } = await judge(check, node, { store: down, runtime: down });
    expect(findings).toMatchObject([
      {
        messageId: 'doesNotStart',
        severity: 'error',
        subject: { kind: 'runtime', id: SOCKET, name: 'web_default_u1_0' },
        evidence: [{ fact: 'runtimeLog', at: 'journalctl --unit containerd' }],
        remedies: [
          { risk: 'safe', commands: ['systemctl stop containerd'] },
          { risk: 'destructive', commands: expect.arrayContaining(['ctr -n k8s.io containers rm ID']) },
        ],
      },
    ]);
  });

  it('believes neither the log of another containerd, nor one that answers', async () => {
    const node = emptyNode();
    node.runtimeLog = [{ pid: 7, kind: 'containerd', source: 'x', events: logEvents(SAID) }];
    expect(await judge(check, node, { store: down, runtime: down })).toMatchObject({ verdict: 'unknown' });
    node.runtimeLog = [{ pid: 100, kind: 'containerd', source: 'x', events: logEvents(SAID) }];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    expect(await judge(check, node, { store: down })).toMatchObject({ verdict: 'unknown' });
  });

  it('is skipped where no containerd is', async () => {
    const none = { status: 'absent', reason: 'cri-o has no store', ms: 0 } as const;
    expect(await judge(check, emptyNode(), { store: none })).toMatchObject({ verdict: 'skipped' });
  });
});
