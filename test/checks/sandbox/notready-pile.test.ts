import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/notready-pile.ts';
import { addPod, emptyNode, healthyNode, judge, kill, NOW } from '../../support/node.ts';

describe('sandbox/notready-pile', () => {
  it('passes a healthy node, and one with the latest dead sandbox of a completed pod', async () => {
    const node = healthyNode();
    addPod(node, 4, 'done', { state: 'notready' });
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('passes a pod with one dead and one ready attempt', async () => {
    const node = emptyNode();
    addPod(node, 1, 'web', { uid: 'u', state: 'notready' });
    addPod(node, 2, 'web', { uid: 'u', attempt: 1 });
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('names a pod with several dead sandboxes and removes all but the latest', async () => {
    const node = emptyNode();
    const pods = [0, 1, 2].map((attempt) =>
      addPod(node, attempt + 1, 'web', { uid: 'u', attempt, state: 'notready' }),
    );
    const [finding, ...others] = (await judge(check, node)).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'warning',
      message: 'default/web has 3 dead sandboxes; kubelet keeps one',
      subject: { id: pods[2]?.sandbox.id },
    });
    expect(finding?.data.olderIds).toBe(`${pods[1]?.sandbox.id} ${pods[0]?.sandbox.id}`);
    expect(finding?.remedies[0]?.commands).toEqual(['podctl gc sandboxes']);
    expect(finding?.remedies[1]?.commands).toEqual(
      [pods[1], pods[0]].flatMap((p) => [`crictl stopp ${p?.sandbox.id}`, `crictl rmp ${p?.sandbox.id}`]),
    );
  });

  it('tells pods apart by uid, and by name where there is none', async () => {
    const node = emptyNode();
    addPod(node, 1, 'web', { uid: 'u1', state: 'notready' });
    addPod(node, 2, 'web', { uid: 'u2', state: 'notready' });
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    for (const sandbox of node.sandboxes) sandbox.uid = '';
    expect((await judge(check, node)).findings).toHaveLength(1);
  });

  it('does not count sandboxes that died just now', async () => {
    const node = emptyNode();
    for (const n of [1, 2, 3]) addPod(node, n, 'web', { uid: 'u', attempt: n, state: 'notready' });
    for (const sandbox of node.sandboxes) sandbox.createdAt = NOW - 1000;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('tells one dead sandbox of a pod that kubelet does not list any more, as information', async () => {
    const node = emptyNode();
    const { sandbox, pause } = addPod(node, 1, 'web', { state: 'notready' });
    kill(node, pause);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    node.podOwners.pods = [];
    expect((await judge(check, node)).findings).toMatchObject([
      { messageId: 'podGone', severity: 'info', subject: { id: sandbox.id } },
    ]);
    node.podOwners.pods = null;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
