import { describe, expect, it } from 'vitest';
import check from '../../../checks/netns/pin-lost.ts';
import { addPod, emptyNode, healthyNode, judge, kill, unread } from '../../support/node.ts';

describe('netns/pin-lost', () => {
  it('passes pinned sandboxes and hostNetwork, which has no pin', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names a sandbox whose pin is a file without a mount, and how to pin it again', async () => {
    const node = emptyNode();
    const { sandbox, pause, pinPath } = addPod(node, 1, 'web');
    node.pins.pins = node.pins.pins.map((pin) => ({ ...pin, ns: null, mounts: 0 }));
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'unmounted',
        severity: 'warning',
        message: `default/web lost its network pin: ${pinPath} is there, but nothing is mounted on it`,
        subject: { kind: 'sandbox', id: sandbox.id, name: 'default/web' },
        remedies: [{ commands: [`nsenter -t 100 -m mount --bind /proc/${pause.pid}/ns/net ${pinPath}`] }],
      },
    ]);
  });

  it('names a sandbox whose pin is gone altogether', async () => {
    const node = emptyNode();
    addPod(node, 1, 'web');
    node.pins.pins = [];
    const [finding] = (await judge(check, node)).findings;
    expect(finding).toMatchObject({ messageId: 'gone' });
    expect(finding?.remedies[0]?.commands).toHaveLength(2);
  });

  it('does not report a sandbox younger than the minimum age: it may be younger than our look at pins', async () => {
    const node = emptyNode();
    addPod(node, 1, 'web', { young: true });
    node.pins.pins = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('does not report a sandbox that is stopped, or was taken down while we looked', async () => {
    const node = emptyNode();
    const stopped = addPod(node, 1, 'stopped', { state: 'notready' });
    const going = addPod(node, 2, 'going');
    kill(node, stopped.pause, going.pause);
    node.pins.pins = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('judges by the bundle when the runtime does not answer', async () => {
    const node = emptyNode();
    addPod(node, 1, 'web');
    node.pins.pins = [];
    const silent = unread('timeout', 'no answer');
    expect((await judge(check, node, { sandboxes: silent, store: silent })).findings).toHaveLength(1);
  });
});
