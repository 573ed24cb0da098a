import { describe, expect, it } from 'vitest';
import check from '../../../checks/image/sandbox-image-unpinned.ts';
import { healthyNode, judge, PAUSE } from '../../support/node.ts';

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
});
