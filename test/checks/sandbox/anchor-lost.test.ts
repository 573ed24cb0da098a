import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/anchor-lost.ts';
import { addPod, emptyNode, healthyNode, judge, kill, unread } from '../../support/node.ts';

describe('sandbox/anchor-lost', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names a sandbox whose pause is dead while its containers run', async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web', { state: 'notready', containers: ['app', 'sidecar'] });
    kill(node, pod.pause);
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'pauseDead',
        severity: 'error',
        message:
          'default/web runs without its sandbox: pause is dead, app, sidecar still running, nothing can restart in it',
        subject: { kind: 'sandbox', id: pod.sandbox.id, name: 'default/web' },
        remedies: [{ commands: [`crictl stopp ${pod.sandbox.id}`, `crictl rmp ${pod.sandbox.id}`] }],
      },
    ]);
  });

  it('takes a zombie pause for a dead one', async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web', { state: 'notready' });
    pod.pause.state = 'Z';
    expect((await judge(check, node)).findings).toHaveLength(1);
  });

  it('names the survivor of attempt 0 beside a healthy attempt 1, and only that', async () => {
    const node = emptyNode();
    const old = addPod(node, 1, 'web', { uid: 'u', state: 'notready' });
    addPod(node, 2, 'web', { uid: 'u', attempt: 1 });
    kill(node, old.pause);
    expect((await judge(check, node)).findings.map((f) => f.subject.id)).toEqual([old.sandbox.id]);
  });

  it('names containers whose sandbox is not listed at all, and warns of crictl rm', async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web');
    kill(node, pod.pause);
    node.sandboxes = [];
    node.store = { records: [], sandboxes: [] };
    const [finding] = (await judge(check, node)).findings;
    expect(finding).toMatchObject({ messageId: 'unlisted', subject: { id: pod.sandbox.id } });
    expect(finding?.remedies[0]?.commands.join('\n')).not.toContain('crictl rm');
  });

  it('does not report a pod that was made after the sandboxes were listed', async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web', { young: true });
    kill(node, pod.pause);
    node.sandboxes = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('does not report stopped sandboxes, nor ready ones without a pause as CRI-O has them', async () => {
    const node = emptyNode();
    const stopped = addPod(node, 1, 'stopped', { state: 'notready' });
    kill(node, stopped.pause, ...stopped.containers.map((c) => c.init));
    const crio = addPod(node, 2, 'crio');
    kill(node, crio.pause);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('is unknown when the runtime does not answer', async () => {
    const silent = unread('timeout', 'no answer');
    expect(await judge(check, healthyNode(), { containers: silent })).toMatchObject({ verdict: 'unknown' });
  });
});
