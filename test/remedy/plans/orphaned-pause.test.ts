import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, healthyNode, id, type Pod, unread } from '../../support/node.ts';
import { guardsOf, kindsOf, planFor, refusalFor } from '../../support/remedy.ts';

const CHECK = 'sandbox/orphaned-pause';
const KILL = ['sandbox-unready', 'process-is'];

/** A sandbox that the runtime does not list, and what else is true of it. */
function unlisted(options: { bundle: boolean; record: boolean; app: boolean }): { node: Facts; pod: Pod } {
  const node = healthyNode();
  const pod = addPod(node, 9, 'lost', options.app ? {} : { containers: [] });
  node.sandboxes = node.sandboxes.filter((s) => s !== pod.sandbox);
  if (!options.bundle) node.bundles = node.bundles.filter((b) => b.sandboxId !== pod.sandbox.id);
  if (!options.record) node.store.records = node.store.records.filter((r) => r !== pod.record);
  node.podOwners.folders = [];
  node.podOwners.pods = [];
  return { node, pod };
}

describe('sandbox/orphaned-pause', () => {
  it('kills pause and shim by hand where containerd has nothing of them', async () => {
    const { node, pod } = unlisted({ bundle: false, record: false, app: false });
    const plan = await planFor(CHECK, node);
    expect(plan.risk).toBe('safe');
    expect(kindsOf(plan)).toEqual([
      'signal',
      'signal',
      'signal',
      'delete-oci-state',
      'release-attachment',
      'release-attachment',
      'unpin',
      'remove-file',
    ]);
    expect(plan.steps[0]).toMatchObject({ action: { process: { pid: pod.pause.pid }, signal: 9 } });
    expect(plan.steps[2]).toMatchObject({ action: { process: { pid: pod.shim.pid }, signal: 9 } });
    expect(guardsOf(plan).slice(0, 4)).toEqual([KILL, [], [...KILL, 'childless'], ['sandbox-unready']]);
    expect(plan.steps[3]?.action).toMatchObject({ container: pod.sandbox.id });
    expect(plan.steps[3]?.action).toMatchObject({ programs: expect.arrayContaining(['/usr/bin/runc']) });
  });

  it('goes through containerd where it has a task and a record', async () => {
    const { node, pod } = unlisted({ bundle: true, record: true, app: false });
    const plan = await planFor(CHECK, node);
    expect(kindsOf(plan).slice(0, 4)).toEqual(['end-task', 'signal', 'signal', 'delete-store-record']);
    expect(plan.steps[0]?.action).toMatchObject({ container: pod.sandbox.id });
    expect(guardsOf(plan)[3]).toEqual(['sandbox-unready', 'no-task']);
  });

  it('deletes the records of containers that have ended, too, and says what stays listed', async () => {
    const { node, pod } = unlisted({ bundle: true, record: true, app: false });
    const app = { ...pod.record, id: id('b9'), kind: 'container' as const, sandboxId: pod.sandbox.id };
    node.storeContainers.push(app);
    const plan = await planFor(CHECK, node);
    const deleted = plan.steps.flatMap(({ action }) =>
      action.kind === 'delete-store-record' ? [action.container] : [],
    );
    expect(deleted).toEqual([app.id, pod.sandbox.id]);
    expect(plan.notes).toEqual([expect.stringContaining('until it is restarted')]);
  });

  it('ends its containers first, and that is destructive', async () => {
    const { node, pod } = unlisted({ bundle: false, record: false, app: true });
    const plan = await planFor(CHECK, node);
    expect(plan.risk).toBe('destructive');
    expect(plan.steps[0]).toMatchObject({ action: { process: { pid: pod.containers[0]?.init.pid } } });
    expect(plan.steps[1]).toMatchObject({ action: { process: { pid: pod.pause.pid } } });
  });

  it('refuses to end containers of a pod that kubelet knows, or cannot be asked about', async () => {
    const { node, pod } = unlisted({ bundle: false, record: false, app: true });
    pod.pause.podUid = pod.sandbox.uid;
    node.podOwners.folders = [pod.folder];
    expect(await refusalFor(CHECK, node)).toMatchObject({
      name: 'not-possible',
      reason: 'app runs in it, and kubelet knows the pod',
    });
    node.podOwners = { ...node.podOwners, folders: null, pods: null, why: 'port 10255 is closed' };
    expect(await refusalFor(CHECK, node)).toMatchObject({
      name: 'kubelet-silent',
      reason: expect.stringContaining('port 10255 is closed'),
    });
    expect((await planFor(CHECK, node, { assumeNoKubelet: true })).risk).toBe('destructive');
    expect((await planFor(CHECK, node, { force: ['kubelet-silent'] })).risk).toBe('destructive');
  });

  it('is disruptive for a pause alone while kubelet’s word is missing, and safe without a kubelet', async () => {
    const { node } = unlisted({ bundle: false, record: false, app: false });
    node.podOwners = { ...node.podOwners, folders: null, pods: null };
    expect((await planFor(CHECK, node)).risk).toBe('disruptive');
    node.podOwners.kubelet = 'none';
    expect((await planFor(CHECK, node)).risk).toBe('safe');
    const podOwners = unread('denied', 'no');
    expect((await planFor(CHECK, node, { instead: { podOwners } })).risk).toBe('disruptive');
  });

  it('refuses while a stranger is in its namespaces', async () => {
    const { node, pod } = unlisted({ bundle: false, record: false, app: false });
    node.processes.push({ ...pod.pause, pid: 7777, comm: 'tcpdump', containerId: null, podUid: null });
    expect(await refusalFor(CHECK, node)).toMatchObject({
      name: 'not-alone',
      reason: expect.stringContaining('process 7777 (tcpdump)'),
    });
    expect(kindsOf(await planFor(CHECK, node, { force: ['not-alone'] }))).toContain('unpin');
  });

  it('takes nobody for a stranger in the network of the node', async () => {
    const node = healthyNode();
    const pod = addPod(node, 9, 'lost', { containers: [], hostNetwork: true });
    node.sandboxes = node.sandboxes.filter((s) => s !== pod.sandbox);
    expect(kindsOf(await planFor(CHECK, node))).not.toContain('unpin');
  });

  it('has the runtime take down first what it still lists', async () => {
    const node = healthyNode();
    const pod = addPod(node, 9, 'dead', { state: 'notready' });
    node.podOwners.folders = [];
    node.podOwners.pods = [];
    const plan = await planFor(CHECK, node, { assumeNoKubelet: true });
    expect(kindsOf(plan)).toEqual([
      'stop-sandbox',
      'end-task',
      'signal',
      'signal',
      'delete-oci-state',
      'remove-sandbox',
      'delete-store-record',
      'release-attachment',
      'release-attachment',
      'unpin',
      'remove-file',
    ]);
    expect(plan.risk).toBe('destructive');
    expect(plan.steps[0]?.guards).toContainEqual(
      expect.objectContaining({ kind: 'sandbox-unready', id: pod.sandbox.id }),
    );
  });

  it('refuses where the runtime does not answer', async () => {
    const { node } = unlisted({ bundle: false, record: false, app: false });
    const runtime = unread('timeout', 'it hangs');
    expect(await refusalFor(CHECK, node, { instead: { runtime } })).toMatchObject({ name: 'runtime-silent' });
  });
});
