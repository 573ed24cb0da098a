import { describe, expect, it } from 'vitest';
import check from '../../../checks/image/sandbox-image-unpinned.ts';
import { filesystem } from '../../support/limits.ts';
import { healthyNode, judge, PAUSE, unread } from '../../support/node.ts';

async function unpinnedOn(name: string, version: string) {
  const node = healthyNode();
  Object.assign(node.runtime, { name, version });
  node.images = node.images.map((image) => ({ ...image, pinned: false }));
  return judge(check, node);
}

describe('image/sandbox-image-unpinned', () => {
  it('passes a pinned sandbox image; other images need no pin', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('warns of an unpinned sandbox image and pins it with a label', async () => {
    expect((await unpinnedOn('containerd', '1.7.24')).findings).toMatchObject([
      {
        messageId: 'unpinned',
        severity: 'warning',
        message: `The sandbox image ${PAUSE} is not pinned: image collection on a full disk may delete it`,
        remedies: [{ commands: [`ctr -n k8s.io images label ${PAUSE} io.cri-containerd.pinned=pinned`] }],
      },
    ]);
  });

  it.each([
    ['1.6.20', 'info'],
    ['1.6.20~ds1', 'info'],
    ['1.6.22', 'warning'],
    ['1.7.2', 'info'],
    ['v1.7.3', 'warning'],
    ['1.5.18', 'info'],
    ['2.1.9+unknown', 'warning'],
  ])('on containerd %s it is of severity %s', async (version, severity) => {
    expect((await unpinnedOn('containerd', version)).findings).toMatchObject([{ severity }]);
  });

  it('says for a version that cannot pin that there is nothing to type', async () => {
    expect((await unpinnedOn('containerd', '1.6.20')).findings).toMatchObject([
      {
        messageId: 'cannotPin',
        message: expect.stringContaining('containerd 1.6.20 cannot pin images'),
        remedies: [],
      },
    ]);
  });

  it('leaves a missing image to its own check', async () => {
    const node = healthyNode();
    node.images = [];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  /** An image that is not pinned, on a file system so full. */
  function full(usedPercent: number, version = '2.1.9') {
    const node = healthyNode();
    node.runtime.version = version;
    node.images = node.images.map((image) => ({ ...image, pinned: false }));
    node.limits.filesystems = [{ ...filesystem('/var/lib/containerd', 'images', '/'), usedPercent }];
    return node;
  }

  it.each([
    [92.5, '2.1.9', 'error', 'collectedSoon'],
    [85, '1.6.20', 'error', 'collectedSoon'],
    [80.1, '2.1.9', 'warning', 'collectedSoon'],
    [79.9, '2.1.9', 'warning', 'unpinned'],
    [79.9, '1.6.20', 'info', 'cannotPin'],
  ])('at %s %% on containerd %s: %s, %s', async (used, version, severity, messageId) => {
    expect((await judge(check, full(used, version))).findings).toMatchObject([{ severity, messageId }]);
  });

  it('says how full it is, and from where on images are collected', async () => {
    const { findings } = await judge(check, full(92.5));
    expect(findings[0]?.message).toContain('/var/lib/containerd is 92.5 % full: image collection, from 85 %');
    expect(findings[0]?.evidence.at(-1)).toEqual({
      fact: 'limits',
      at: '/var/lib/containerd',
      value: '92.5 % used',
    });
  });

  it('counts no full disk that no kubelet looks after, whose kubelet has a flag of its own, or that holds no images', async () => {
    const old = full(92);
    old.kubelet.version = '1.28.9';
    const other = full(92);
    other.limits.filesystems = other.limits.filesystems.map((one) => ({ ...one, purpose: 'state' }));
    for (const node of [old, other]) {
      expect((await judge(check, node)).findings).toMatchObject([
        { severity: 'warning', messageId: 'unpinned' },
      ]);
    }
    const none = await judge(check, full(92), { kubelet: unread('missing', 'no kubelet') });
    expect(none.findings).toMatchObject([{ severity: 'warning', messageId: 'unpinned' }]);
  });

  it('is silent about a full disk when the image is pinned', async () => {
    const node = full(92);
    node.images = healthyNode().images;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
