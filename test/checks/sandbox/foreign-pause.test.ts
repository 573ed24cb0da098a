import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/foreign-pause.ts';
import type { Facts, Process } from '../../../src/model/facts.ts';
import { bareProcess, emptyNode, healthyNode, id, judge, SOCKET } from '../../support/node.ts';

/** A pause below a parent, beside the healthy pods. */
function withPause(parent: Partial<Process>, pause: Partial<Process> = {}): Facts {
  const node = healthyNode();
  node.processes.push(
    { ...bareProcess(800, 'keeper'), ...parent },
    { ...bareProcess(801, 'pause'), ppid: 800, containerId: id('f1'), cgroup: '/x', ...pause },
  );
  return node;
}

const shim = (namespace: string, address: string) => ({
  comm: 'containerd-shim',
  shim: { namespace, id: id('f1'), address },
});

describe('sandbox/foreign-pause', () => {
  it("passes a node with the runtime's own pauses", async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it.each([
    ['podman', { comm: 'conmon' }, { comm: 'catatonit' }],
    ['Docker', shim('moby', '/run/containerd/containerd.sock'), {}],
    ['another containerd', shim('k8s.io', '/tmp/other.sock'), {}],
    ["containerd's namespace nomad", shim('nomad', SOCKET), {}],
    ['somebody', { comm: 'systemd' }, { containerId: null }],
    ['a runtime that has ended', { comm: 'systemd' }, {}],
  ])('says that it belongs to %s, and nothing worse', async (owner, parent, pause) => {
    const judged = await judge(check, withPause(parent, pause));
    expect(judged.findings).toMatchObject([
      {
        severity: 'info',
        subject: { kind: 'node', id: 'worker-1' },
        data: { pauses: 'A pause belongs', owners: owner },
        evidence: [{ at: '/proc/801' }],
        remedies: [],
      },
    ]);
  });

  it.each([
    ['a pause below a shim of this runtime: it is forgotten, not foreign', shim('k8s.io', SOCKET), {}],
    ["CRI-O's, whose list did not come", { comm: 'conmon' }, { podUid: 'u-1' }],
    ["one of podctl's", { comm: 'podctl-ns' }, {}],
    ['a dead one', { comm: 'conmon' }, { state: 'Z' }],
    ['an app of another name', { comm: 'conmon' }, { comm: 'nginx' }],
  ])('says nothing of %s', async (_, parent, pause) => {
    expect(await judge(check, withPause(parent, pause))).toMatchObject({ verdict: 'pass' });
  });

  it('ends where parents go in a circle, as when they changed while they were read', async () => {
    const node = emptyNode();
    node.processes = [
      { ...bareProcess(800, 'pause'), ppid: 801 },
      { ...bareProcess(801, 'x'), ppid: 800 },
    ];
    expect((await judge(check, node)).findings).toHaveLength(1);
  });
});
