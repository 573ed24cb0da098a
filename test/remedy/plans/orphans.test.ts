import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, DAY, emptyNode, healthyNode, id, kill, NOW, type Pod, unread } from '../../support/node.ts';
import { guardsOf, kindsOf, planFor, refusalFor } from '../../support/remedy.ts';

describe('sandbox/notready-pile', () => {
  function pile(): { node: Facts; ids: string[] } {
    const node = emptyNode();
    const ids = [0, 1, 2].map((attempt) => {
      const pod = addPod(node, 5 + attempt, 'web', { uid: 'u-web', attempt, state: 'notready' });
      kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
      return pod.sandbox.id;
    });
    return { node, ids };
  }

  it('stops and removes all but the latest, each for itself', async () => {
    const { node, ids } = pile();
    const plan = await planFor('sandbox/notready-pile', node);
    const sandboxes = plan.steps.map(({ action }) => ('sandbox' in action ? action.sandbox : ''));
    expect(sandboxes).toEqual([ids[0], ids[0], ids[1], ids[1]]);
    expect(kindsOf(plan).slice(0, 2)).toEqual(['stop-sandbox', 'remove-sandbox']);
    expect(plan.steps.every((s) => s.onFailure === 'go-on')).toBe(true);
    expect(guardsOf(plan)[0]).toEqual(['no-plugin-runs', 'sandbox-dead']);
  });

  it('is the same in whatever order the runtime lists them', async () => {
    const { node } = pile();
    const before = await planFor('sandbox/notready-pile', node);
    node.sandboxes.reverse();
    expect((await planFor('sandbox/notready-pile', node)).steps).toEqual(before.steps);
  });

  it('leaves one alone that is too young to be judged', async () => {
    const { node, ids } = pile();
    const young = addPod(node, 50, 'web', { uid: 'u-web', attempt: 9, state: 'notready', young: true });
    kill(node, young.pause, young.shim, ...young.containers.map((c) => c.init));
    const plan = await planFor('sandbox/notready-pile', node);
    const sandboxes = plan.steps.map(({ action }) => ('sandbox' in action ? action.sandbox : ''));
    expect(new Set(sandboxes)).toEqual(new Set(ids.slice(0, 2)));
  });

  it('needs kubelet’s word, or the word that there is none', async () => {
    const { node } = pile();
    node.podOwners = { ...node.podOwners, kubelet: 'none', folders: null, pods: null };
    expect(await refusalFor('sandbox/notready-pile', node)).toMatchObject({
      name: 'kubelet-silent',
      surer: expect.stringContaining('--assume-no-kubelet'),
    });
    expect(kindsOf(await planFor('sandbox/notready-pile', node, { assumeNoKubelet: true }))).toHaveLength(4);
  });
});

describe('sandbox/leaked-shim', () => {
  it('kills that very shim while it has no child and no owner', async () => {
    const node = healthyNode();
    const { shim } = addPod(emptyNode(), 9, 'gone');
    node.processes.push(shim);
    const plan = await planFor('sandbox/leaked-shim', node);
    expect(kindsOf(plan)).toEqual(['signal', 'delete-oci-state']);
    expect(plan.steps[0]?.action).toMatchObject({
      process: { pid: shim.pid, startTicks: shim.startTicks },
      signal: 9,
    });
    expect(guardsOf(plan)).toEqual([
      ['no-plugin-runs', 'disowned', 'process-is', 'childless'],
      ['no-plugin-runs', 'disowned'],
    ]);
    const processes = unread('denied', 'no');
    expect(await refusalFor('sandbox/leaked-shim', node, { instead: { processes } })).toMatchObject({
      name: 'not-possible',
    });
  });
});

describe('cgroup/leaked', () => {
  function left(): Facts {
    const node = healthyNode();
    node.cgroups.push({
      path: '/kubepods/podu-gone',
      uid: 'u-gone',
      mtime: NOW - DAY,
      hierarchies: ['/sys/fs/cgroup/pids', '/sys/fs/cgroup/cpu'],
      populated: false,
      containers: [],
      confirmed: true,
    });
    return node;
  }

  it('removes it in every hierarchy, while no pod has it', async () => {
    const plan = await planFor('cgroup/leaked', left());
    expect(plan.steps).toMatchObject([
      {
        action: {
          kind: 'remove-cgroup',
          path: '/kubepods/podu-gone',
          hierarchies: ['/sys/fs/cgroup/pids', '/sys/fs/cgroup/cpu'],
        },
        guards: [
          { kind: 'pod-unknown', uid: 'u-gone', folder: '/var/lib/kubelet/pods' },
          { kind: 'cgroup-empty' },
        ],
      },
    ]);
  });

  it('needs no kubelet where there is none, and its word where it is installed', async () => {
    const node = left();
    node.podOwners = { ...node.podOwners, kubelet: 'none', folders: null, pods: null };
    expect(kindsOf(await planFor('cgroup/leaked', node))).toEqual(['remove-cgroup']);
    const installed = { ...node.podOwners, kubelet: 'installed' as const };
    const podOwners = { status: 'complete', value: installed, ms: 0 } as never;
    expect(await refusalFor('cgroup/leaked', node, { instead: { podOwners } })).toMatchObject({
      name: 'kubelet-silent',
    });
  });
});

describe('sandbox/duplicate-name', () => {
  function doubled(): { node: Facts; copy: string; pod: Pod } {
    const node = healthyNode();
    const pod = addPod(node, 9, 'twice');
    const copy = id('copy'.replace(/[^0-9a-f]/g, 'a'));
    node.store.records.push({ ...pod.record, id: copy });
    return { node, copy, pod };
  }

  it('deletes the record that has no task; that asks for the highest consent', async () => {
    const { node, copy } = doubled();
    const plan = await planFor('sandbox/duplicate-name', node);
    expect(plan.risk).toBe('destructive');
    expect(plan.steps).toMatchObject([
      {
        action: { kind: 'delete-store-record', container: copy },
        guards: [{ kind: 'no-task', container: copy }],
      },
    ]);
  });

  it('leaves it to the operator where none or all of them live', async () => {
    const { node, pod } = doubled();
    kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
    node.bundles = node.bundles.filter((b) => b.sandboxId !== pod.sandbox.id);
    expect(await refusalFor('sandbox/duplicate-name', node)).toMatchObject({
      name: 'not-possible',
      reason: expect.stringContaining('none of the records has a process'),
    });
  });
});
