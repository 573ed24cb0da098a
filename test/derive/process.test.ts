import { describe, expect, it } from 'vitest';
import { ageOf, inhabitedNetns, initProcesses, shimsOf } from '../../src/derive/process.ts';
import type { Process } from '../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, id } from '../support/node.ts';

function first(node = emptyNode()): { node: typeof node; init: Process; containerId: string } {
  const pod = addPod(node, 1, 'web');
  const container = pod.containers[0];
  if (!container) throw new Error('no container');
  return { node, init: container.init, containerId: container.listed.id };
}

describe('initProcesses', () => {
  it('finds pause and container inits, and no shim', () => {
    const node = healthyNode();
    const inits = initProcesses(node.processes, node.bundles);
    expect([...inits.keys()].sort()).toEqual(
      [...node.sandboxes.map((s) => s.id), ...node.containers.map((c) => c.id)].sort(),
    );
    expect([...inits.values()].map((p) => p.comm)).not.toContain('containerd-shim');
  });

  it('prefers the oldest of several children of the shim, whatever the order of pids', () => {
    const { node, init, containerId } = first();
    node.processes.unshift({ ...init, pid: 3, startTicks: init.startTicks + 1 });
    expect(initProcesses(node.processes, undefined).get(containerId)).toBe(init);
  });

  it('believes the pid that the runtime wrote down only if it is in that container', () => {
    const { node, init, containerId } = first();
    const exec = { ...init, pid: 500, startTicks: init.startTicks + 9 };
    node.processes.push(exec);
    const bundle = { ...node.bundles[0], id: containerId, initPid: 500 } as (typeof node.bundles)[0];
    expect(initProcesses(node.processes, [bundle]).get(containerId)).toBe(exec);
    const reused = { ...bundle, initPid: 1 };
    expect(initProcesses(node.processes, [reused]).get(containerId)).toBe(init);
  });

  it('does not take a zombie for life', () => {
    const { node, init, containerId } = first();
    init.state = 'Z';
    expect(initProcesses(node.processes, node.bundles).has(containerId)).toBe(false);
  });
});

describe('shimsOf', () => {
  it('keeps to the runtime and to the namespace of CRI', () => {
    const node = healthyNode();
    expect(shimsOf(node.processes, '/var/run/containerd/containerd.sock').size).toBe(3);
    expect(shimsOf(node.processes, '/run/k3s/containerd/containerd.sock').size).toBe(0);
    for (const { shim } of node.processes) if (shim) shim.namespace = 'moby';
    expect(shimsOf(node.processes, '/run/containerd/containerd.sock').size).toBe(0);
  });
});

describe('ages and namespaces', () => {
  it('counts age by the boot clock', () => {
    const { node, init } = first();
    expect(ageOf(node.host, { ...init, startTicks: (node.host.uptime - 90) * 100 })).toBe(90_000);
  });

  it('counts only live processes as inhabitants', () => {
    const { node, init } = first();
    const own = '4:99' as const;
    node.processes.push({
      ...init,
      pid: 800,
      state: 'Z',
      containerId: id('z'),
      ns: { ...init.ns, net: own },
    });
    expect(inhabitedNetns(node.processes).has(own)).toBe(false);
  });
});
