import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/network-kept.ts';
import type { CniPlugin, Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, judge, kill, NOW, type Pod } from '../../support/node.ts';

/** A dead sandbox that was not taken down. */
function dead(version = '2.1.9'): { node: Facts; pod: Pod } {
  const node = emptyNode();
  node.runtime.version = version;
  const pod = addPod(node, 1, 'web', { state: 'notready' });
  kill(node, pod.pause, pod.shim, ...pod.containers.map((c) => c.init));
  for (const { listed } of pod.containers) listed.state = 'exited';
  return { node, pod };
}

function plugin(change: Partial<CniPlugin>): CniPlugin {
  return {
    type: 'bridge',
    neededBy: [{ from: 'configuration', network: 'podnet', role: 'plugin' }],
    path: null,
    executable: false,
    machine: '',
    mtime: 0,
    versions: null,
    ...change,
  };
}

const NOT_INITIALIZED = {
  type: 'NetworkReady',
  status: false,
  reason: 'NetworkPluginNotReady',
  message: 'Network plugin returns error: cni plugin not initialized',
};

describe('sandbox/network-kept', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names the plugin that is missing, and what is held', async () => {
    const { node, pod } = dead();
    node.cniPlugins = { binDirs: ['/opt/cni/bin'], plugins: [plugin({})] };
    const [finding] = (await judge(check, node)).findings;
    expect(finding).toMatchObject({
      messageId: 'noPlugin',
      severity: 'error',
      subject: { kind: 'sandbox', id: pod.sandbox.id },
      data: { plugin: 'bridge', network: 'podnet', folders: '/opt/cni/bin' },
      remedies: [
        {
          commands: [
            'ls -l /opt/cni/bin/bridge',
            `crictl stopp ${pod.sandbox.id}`,
            `crictl rmp ${pod.sandbox.id}`,
          ],
        },
      ],
    });
    expect(finding?.message).toMatch(
      /cannot be stopped: the CNI plugin bridge of network podnet .* stay held/,
    );
    expect(finding?.data.held).toContain(pod.pinPath);
  });

  it('does not blame a plugin that only a cached configuration names, or one that can be run', async () => {
    const { node } = dead();
    const ofCache = plugin({ neededBy: [{ from: 'cache', network: 'old', role: 'plugin' }] });
    const fine = plugin({ path: '/opt/cni/bin/bridge', executable: true, machine: 'x64' });
    node.cniPlugins = { binDirs: ['/opt/cni/bin'], plugins: [ofCache, fine] };
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'unstopped', severity: 'info' }]);
  });

  it('names the folder without a configuration', async () => {
    const { node } = dead();
    node.runtime.conditions = [NOT_INITIALIZED];
    expect((await judge(check, node)).findings).toMatchObject([
      { messageId: 'noConfig', severity: 'error', data: { folders: node.cniConf.folder } },
    ]);
  });

  it('does not take a network that is not ready for another reason for one without configuration', async () => {
    const { node } = dead();
    node.runtime.conditions = [{ ...NOT_INITIALIZED, message: 'missing containerID' }];
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'unstopped' }]);
  });

  it.each([
    ['1.7.24', 'cacheDamaged', 'error'],
    ['2.1.9', 'unstopped', 'info'],
  ])('of a damaged cached result, containerd %s: %s', async (version, messageId, severity) => {
    const { node, pod } = dead(version);
    for (const entry of node.cniCache.entries)
      if (entry.containerId === pod.sandbox.id) entry.state = 'empty';
    expect((await judge(check, node)).findings).toMatchObject([{ messageId, severity }]);
  });

  it('tells a sandbox of containerd 1.x that was never made', async () => {
    const { node, pod } = dead('1.6.20');
    node.containers = [];
    node.cniCache.entries = [];
    pod.sandbox.createdAt = -6_795_364_578_871;
    const [finding] = (await judge(check, node)).findings;
    expect(finding).toMatchObject({ messageId: 'halfMade', severity: 'warning' });
    expect(finding?.message).toContain('its name stay held until it is removed');
    expect(finding?.remedies[0]?.commands.at(-1)).toBe('podctl gc ipam');
  });

  it('does not report a sandbox that was stopped: its pin is gone, its reservation may be kept', async () => {
    const { node, pod } = dead();
    node.pins.pins = node.pins.pins.filter((pin) => pin.path !== pod.pinPath);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('does not report a sandbox with a running container, nor one whose pause runs', async () => {
    const node = emptyNode();
    const survivor = addPod(node, 1, 'web', { state: 'notready' });
    addPod(node, 2, 'db', { state: 'notready' });
    kill(node, survivor.pause);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('takes the age of one that was never made from its record', async () => {
    const { node, pod } = dead('1.6.20');
    node.containers = [];
    node.cniCache.entries = [];
    pod.sandbox.createdAt = -6_795_364_578_871;
    pod.record.createdAt = NOW - 5000;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('does not report a young one, nor hostNetwork, nor half a record', async () => {
    const node = emptyNode();
    const young = addPod(node, 1, 'web', { state: 'notready', young: true });
    const host = addPod(node, 2, 'agent', { state: 'notready', hostNetwork: true });
    const half = addPod(node, 3, 'half', { state: 'notready' });
    node.store.halves = [{ id: half.sandbox.id, name: null, netnsPath: null, createdAt: 0 }];
    for (const pod of [young, host, half]) kill(node, pod.pause, ...pod.containers.map((c) => c.init));
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
