import { describe, expect, it } from 'vitest';
import check from '../../../checks/netns/pin-stacked.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, judge, unread } from '../../support/node.ts';

function podWith(change: { mounts?: number; stacked?: number; hidden?: number }, node = emptyNode()): Facts {
  const { pinPath } = addPod(node, node.sandboxes.length + 1, 'web');
  node.pins.pins = node.pins.pins.map((pin) => (pin.path === pinPath ? { ...pin, ...change } : pin));
  return node;
}

describe('netns/pin-stacked', () => {
  it('passes pins that are mounted once, and snapshots that do not tell', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
    expect(await judge(check, podWith({ mounts: 2 }))).toMatchObject({ verdict: 'pass' });
  });

  it('names a pin with mounts stacked on it, and one umount for each', async () => {
    const node = podWith({ mounts: 3, stacked: 2 });
    const path = node.pins.pins[0]?.path;
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'stacked',
        severity: 'warning',
        message: `default/web cannot be taken down at once: 3 mounts are stacked on its network pin ${path}`,
        subject: { kind: 'sandbox', id: node.sandboxes[0]?.id },
        evidence: [{ at: '/proc/100/mountinfo', value: `3 lines for ${path}` }],
        remedies: [{ commands: [`nsenter -t 100 -m umount ${path}`, `nsenter -t 100 -m umount ${path}`] }],
      },
    ]);
  });

  it('names a stopped sandbox too: it cannot be removed either', async () => {
    const node = podWith({ stacked: 1 });
    for (const sandbox of node.sandboxes) sandbox.state = 'notready';
    expect((await judge(check, node)).findings).toHaveLength(1);
  });

  it('names a mount over the folder once, with every pin below it, and makes again what is on it alone', async () => {
    const node = podWith({ mounts: 2, hidden: 1 });
    podWith({ mounts: 2, hidden: 1 }, node);
    podWith({}, node);
    node.pins.covers = [{ path: '/run/netns', self: true }];
    const pause = node.processes.find(({ pid }) => pid === 311);
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'covered',
        severity: 'error',
        message: '2 pods cannot be taken down: a mount over /run/netns hides where the network is pinned',
        subject: { kind: 'file', id: '/run/netns' },
        evidence: [
          { value: '/run/netns is a mount point of itself' },
          { value: 'below it; pin of default/web' },
          { value: 'below it; pin of default/web' },
        ],
        remedies: [
          {
            commands: [
              'nsenter -t 100 -m umount -l /run/netns',
              `nsenter -t 100 -m mount --bind /proc/${pause?.pid}/ns/net ${node.pins.pins[2]?.path}`,
            ],
          },
        ],
      },
    ]);
  });

  it('says that a folder on itself is harmless where no pin is hidden', async () => {
    const node = podWith({ mounts: 2 });
    node.pins.covers = [{ path: '/run/netns', self: true }];
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'selfBound', severity: 'info' }]);
  });

  it('does not mention a file system that was mounted there before any pod', async () => {
    const node = podWith({});
    node.pins.covers = [{ path: '/run/netns', self: false }];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it("does not judge pins that are nobody's", async () => {
    const node = emptyNode();
    const pin = { type: 'net', ns: '4:4026539999', mounts: 2, stacked: 1, confirmed: true } as const;
    node.pins.pins.push({ ...pin, path: '/run/netns/vpn', scheme: 'foreign' });
    node.pins.covers = [{ path: '/run/netns', self: false }];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('judges by the bundles when the runtime does not answer', async () => {
    const silent = unread('timeout', 'no answer');
    const judged = await judge(check, podWith({ stacked: 1 }), { sandboxes: silent, store: silent });
    expect(judged.findings).toMatchObject([{ messageId: 'stacked' }]);
  });
});
