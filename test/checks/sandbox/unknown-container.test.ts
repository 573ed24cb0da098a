import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/unknown-container.ts';
import { addPod, emptyNode, healthyNode, judge, kill } from '../../support/node.ts';

function withLostState() {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  const [container] = pod.containers;
  if (!container) throw new Error('no container');
  container.listed.state = 'unknown';
  return { node, pod, container };
}

describe('sandbox/unknown-container', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names a container that runs unknown to the runtime, and its file', async () => {
    const { node, container } = withLostState();
    const { id } = container.listed;
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'runs',
        severity: 'error',
        message:
          'app of default/web runs, but the runtime has lost its state: kubelet makes another beside it',
        subject: { kind: 'container', id, name: 'default/web/app' },
        data: { file: `/var/lib/containerd/io.containerd.grpc.v1.cri/containers/${id}/status` },
        remedies: [{ risk: 'destructive', commands: [`crictl stop ${id}`, `crictl rm ${id}`] }],
      },
    ]);
  });

  it('names one that has ended', async () => {
    const { node, container } = withLostState();
    kill(node, container.init);
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'ended', severity: 'warning' }]);
  });

  it('never removes one through CRI whose sandbox CRI does not know', async () => {
    const { node, container } = withLostState();
    node.sandboxes = [];
    const { id } = container.listed;
    expect((await judge(check, node)).findings[0]?.remedies[0]?.commands).toEqual([
      `crictl stop ${id}`,
      `ctr -n k8s.io containers rm ${id}`,
    ]);
  });

  it('does not report containers in any other state', async () => {
    const { node, container } = withLostState();
    for (const state of ['created', 'exited', 'running'] as const) {
      container.listed.state = state;
      expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    }
  });
});
