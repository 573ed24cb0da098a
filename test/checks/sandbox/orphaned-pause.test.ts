import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/orphaned-pause.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, judge, type Pod, unread } from '../../support/node.ts';

/** A node on which the runtime has forgotten the pod: pause and shim run on, without record or bundle. */
function forgotten(options: { young?: boolean } = {}): { node: Facts; pod: Pod } {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web', { ...options, containers: [] });
  Object.assign(node, { sandboxes: [], bundles: [], store: { records: [], sandboxes: [] } });
  return { node, pod };
}

describe('sandbox/orphaned-pause', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names a pause that only its shim still knows, and ends both by hand', async () => {
    const { node, pod } = forgotten();
    const [finding] = (await judge(check, node)).findings;
    expect(finding).toMatchObject({
      messageId: 'unlisted',
      severity: 'warning',
      subject: { kind: 'sandbox', id: pod.sandbox.id },
      message: `pause ${pod.pause.pid} of a100000000000 runs on, but the runtime does not list its sandbox`,
    });
    expect(finding?.remedies[0]).toMatchObject({ risk: 'destructive', commands: ['podctl gc sandboxes'] });
    expect(finding?.remedies[1]?.commands.slice(0, 2)).toEqual([
      `kill -9 ${pod.pause.pid}`,
      `kill -9 ${pod.shim.pid}`,
    ]);
  });

  it('names a sandbox that is listed as not ready although its pause runs', async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web', { state: 'notready' });
    const [finding] = (await judge(check, node)).findings;
    expect(finding).toMatchObject({
      messageId: 'believedDead',
      severity: 'error',
      message: `pause ${pod.pause.pid} of default/web runs on, but the runtime lists its sandbox as not ready, with 1 running container`,
    });
    expect(finding?.remedies[1]?.commands[0]).toContain('ctr -n k8s.io tasks kill');
  });

  it('names a pod that runs on with its containers after its record became unreadable', async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web');
    node.sandboxes = [];
    pod.record.modes = null;
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'unlisted', severity: 'error' }]);
  });

  it("does not report what another containerd keeps, though its bundle was found: by its shim's socket", async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web');
    Object.assign(node, { sandboxes: [], store: { records: [], sandboxes: [] } });
    if (pod.shim.shim) pod.shim.shim.address = '/run/k3s/containerd/containerd.sock';
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it("nor by its bundle's place where the shim is dead; the same in our place is an orphan", async () => {
    for (const [stateDir, count] of [
      ['/run/k3s/containerd', 0],
      ['/run/containerd', 1],
      [null, 1],
    ] as const) {
      const node = emptyNode();
      const pod = addPod(node, 1, 'web', { containers: [] });
      Object.assign(node, { sandboxes: [], store: { records: [], sandboxes: [] } });
      node.processes = node.processes.filter((p) => p !== pod.shim);
      pod.pause.ppid = 1;
      node.runtime.stateDir = stateDir;
      expect((await judge(check, node)).findings).toHaveLength(count);
    }
  });

  it('does not report a sandbox in the making', async () => {
    expect(await judge(check, forgotten({ young: true }).node)).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['another containerd', { address: '/run/k3s/containerd/containerd.sock' }],
    ["Docker's containerd namespace", { namespace: 'moby' }],
  ])('does not report a pause of %s', async (_, other) => {
    const { node, pod } = forgotten();
    if (pod.shim.shim) Object.assign(pod.shim.shim, other);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('does not report a pause that nothing ties to this runtime, as those of podman or Nomad', async () => {
    const { node, pod } = forgotten();
    pod.shim.shim = null;
    pod.shim.comm = 'conmon';
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('calls nothing an orphan while the runtime does not answer', async () => {
    const silent = unread('timeout', 'no answer');
    expect(await judge(check, forgotten().node, { sandboxes: silent })).toMatchObject({
      verdict: 'unknown',
      findings: [],
    });
  });
});
