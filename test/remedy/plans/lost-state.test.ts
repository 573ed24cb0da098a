import { describe, expect, it } from 'vitest';
import { addPod, emptyNode, kill, SOCKET, unread } from '../../support/node.ts';
import { kindsOf, planFor, refusalFor } from '../../support/remedy.ts';

function withLostState() {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  const [container] = pod.containers;
  if (!container) throw new Error('no container');
  container.listed.state = 'unknown';
  return { node, pod, container };
}

describe('sandbox/unknown-container', () => {
  it('stops and removes it through the runtime, and is destructive while it runs', async () => {
    const { node, pod, container } = withLostState();
    const plan = await planFor('sandbox/unknown-container', node);
    expect([plan.risk, ...kindsOf(plan)]).toEqual(['destructive', 'stop-containers', 'remove-container']);
    const told = { kind: 'container-is', endpoint: SOCKET, sandbox: pod.sandbox.id };
    expect(plan.steps).toMatchObject([
      {
        action: { containers: [container.listed.id] },
        guards: [{ ...told, container: container.listed.id, state: 'unknown' }],
      },
      {
        action: { container: container.listed.id, log: '' },
        guards: [{ ...told, container: container.listed.id, state: 'exited' }],
      },
    ]);
  });

  it('is safe once it has ended', async () => {
    const { node, container } = withLostState();
    kill(node, container.init);
    expect((await planFor('sandbox/unknown-container', node)).risk).toBe('safe');
  });

  it('never removes one through CRI whose sandbox is not listed', async () => {
    const { node } = withLostState();
    node.sandboxes = [];
    expect((await refusalFor('sandbox/unknown-container', node)).reason).toContain('can crash');
  });

  it('refuses while the runtime does not answer', async () => {
    const instead = { runtime: unread('timeout', 'it hangs') };
    expect(await refusalFor('sandbox/unknown-container', withLostState().node, { instead })).toMatchObject({
      name: 'runtime-silent',
    });
  });
});
