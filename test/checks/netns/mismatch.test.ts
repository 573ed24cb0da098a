import { describe, expect, it } from 'vitest';
import check from '../../../checks/netns/mismatch.ts';
import { addPod, emptyNode, healthyNode, judge, kill, ns, unread } from '../../support/node.ts';

describe('netns/mismatch', () => {
  it('passes pods on their own network, on the host network and with a shared PID namespace', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names a container in another network namespace, with both links as proof', async () => {
    const node = emptyNode();
    const { containers, pause } = addPod(node, 1, 'web', { containers: ['app', 'sidecar'] });
    const stray = containers[1]?.init;
    if (stray) stray.ns = { ...stray.ns, net: ns(999) };
    const judged = await judge(check, node);
    expect(judged.verdict).toBe('found');
    expect(judged.findings).toHaveLength(1);
    expect(judged.findings[0]).toMatchObject({
      messageId: 'otherNetns',
      severity: 'error',
      message:
        "sidecar of default/web cannot be reached at the pod's address: it is in another network namespace",
      subject: { kind: 'container', id: containers[1]?.listed.id, name: 'default/web/sidecar' },
      evidence: [
        { at: `/proc/${stray?.pid}/ns/net`, value: 'net:[4026530999]' },
        { at: `/proc/${pause.pid}/ns/net`, value: 'net:[4026530101] (sandbox)' },
      ],
    });
  });

  it('compares the device as well: the same inode on another device is another namespace', async () => {
    const node = emptyNode();
    const { containers } = addPod(node, 1, 'web');
    const init = containers[0]?.init;
    if (init) init.ns = { ...init.ns, net: `5:${4_026_530_101}` };
    expect((await judge(check, node)).findings).toHaveLength(1);
  });

  it.each(['ipc', 'uts'] as const)('names a container in another %s namespace', async (type) => {
    const node = emptyNode();
    const { containers } = addPod(node, 1, 'web');
    const init = containers[0]?.init;
    if (init) init.ns = { ...init.ns, [type]: ns(999) };
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'otherNamespace',
        message: `app of default/web does not share the ${type} namespace of its sandbox`,
      },
    ]);
  });

  it('judges PID namespaces only where the container was made to join a shared one', async () => {
    const shared = emptyNode();
    const pod = addPod(shared, 1, 'shared', { sharePid: true });
    const init = pod.containers[0]?.init;
    if (init) init.ns = { ...init.ns, pid: ns(999) };
    expect((await judge(check, shared)).findings).toMatchObject([{ data: { types: 'pid' } }]);
    shared.bundles = shared.bundles.map((b) =>
      b.role === 'container' ? { ...b, namespaces: { pid: '' } } : b,
    );
    expect(await judge(check, shared)).toMatchObject({ verdict: 'pass' });
  });

  it('ignores children that unshared and processes brought in by nsenter', async () => {
    const node = emptyNode();
    const { containers, pause } = addPod(node, 1, 'web');
    const init = containers[0]?.init;
    if (!init) throw new Error('no container');
    node.processes.push(
      { ...init, pid: 900, ppid: init.pid, comm: 'chrome', ns: { ...init.ns, net: ns(998) } },
      {
        ...init,
        pid: 901,
        ppid: 1,
        containerId: null,
        podUid: null,
        cgroup: '/',
        ns: { ...pause.ns, ipc: ns(2) },
      },
      {
        ...init,
        pid: 902,
        comm: 'exec',
        startTicks: init.startTicks + 500,
        ns: { ...init.ns, net: ns(997) },
      },
    );
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('compares with the pins where there is no pause, as with CRI-O', async () => {
    const node = emptyNode();
    const { pause, containers } = addPod(node, 1, 'web');
    kill(node, pause);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    const init = containers[0]?.init;
    if (init) init.ns = { ...init.ns, net: ns(999) };
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'otherNetns' }]);
  });

  it('judges what /proc shows when the runtime does not answer, but no container that is being set up', async () => {
    const silent = unread('timeout', 'no answer');
    const instead = { sandboxes: silent, containers: silent, store: silent };
    for (const young of [false, true]) {
      const node = emptyNode();
      const init = addPod(node, 1, 'web', { young }).containers[0]?.init;
      if (init) init.ns = { ...init.ns, net: ns(999) };
      const judged = await judge(check, node, instead);
      expect(judged.findings.map((f) => f.message)).toEqual(
        young
          ? []
          : [
              expect.stringContaining(
                "container c100000000000 of default/web cannot be reached at the pod's address",
              ),
            ],
      );
    }
  });

  it('is unknown for a container whose namespace cannot be read', async () => {
    const node = emptyNode();
    const init = addPod(node, 1, 'web').containers[0]?.init;
    if (init) init.ns = { ...init.ns, net: null };
    expect(await judge(check, node)).toMatchObject({
      verdict: 'unknown',
      reason: `cannot read /proc/${init?.pid}/ns/net`,
    });
  });

  it('does not judge a container that has exited', async () => {
    const node = emptyNode();
    const { containers } = addPod(node, 1, 'job');
    for (const { listed, init } of containers) {
      listed.state = 'exited';
      init.ns = { ...init.ns, net: ns(999) };
    }
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
