import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/pod-deleted.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, judge, NOW, type Pod, type PodOptions } from '../../support/node.ts';

/** A running pod that kubelet made and does not list any more. */
function forgotten(options: PodOptions = {}): { node: Facts; pod: Pod } {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web', options);
  node.podOwners.pods = [];
  return { node, pod };
}

describe('sandbox/pod-deleted', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names a running sandbox whose pod nobody lists', async () => {
    const { node, pod } = forgotten();
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'deleted',
        severity: 'warning',
        message:
          'default/web runs on, but http://127.0.0.1:10255/pods knows no such pod: it was deleted, and never stopped here',
        subject: { id: pod.sandbox.id },
        remedies: [
          { commands: ['systemctl restart kubelet'] },
          { commands: [`crictl stopp ${pod.sandbox.id}`, `crictl rmp ${pod.sandbox.id}`] },
        ],
      },
    ]);
  });

  it('is skipped without kubelet, and while nobody lists pods', async () => {
    const { node } = forgotten();
    node.podOwners.kubelet = 'installed';
    expect(await judge(check, node)).toMatchObject({ verdict: 'skipped', findings: [] });
    node.podOwners.kubelet = 'runs';
    node.podOwners.pods = null;
    expect(await judge(check, node)).toMatchObject({ verdict: 'skipped', findings: [] });
  });

  it('is skipped in the first minutes of kubelet', async () => {
    const { node } = forgotten();
    node.kubelet.startedAt = NOW - 60_000;
    expect(await judge(check, node)).toMatchObject({ verdict: 'skipped', findings: [] });
  });

  it('does not report static pods, by their uid or their manifest', async () => {
    const byUid = forgotten();
    byUid.node.podOwners.pods = [{ ...byUid.pod.known, uid: 'mirror', staticUid: byUid.pod.sandbox.uid }];
    expect(await judge(check, byUid.node)).toMatchObject({ verdict: 'pass' });
    const { node } = forgotten();
    node.podOwners.manifests = [
      { path: '/etc/kubernetes/manifests/w.yaml', namespace: 'default', name: 'web' },
    ];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('does not report what was made by hand, is young or is dead', async () => {
    const { node } = forgotten();
    node.podOwners.folders = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    expect(await judge(check, forgotten({ young: true }).node)).toMatchObject({ verdict: 'pass' });
    expect(await judge(check, forgotten({ state: 'notready' }).node)).toMatchObject({ verdict: 'pass' });
  });
});
