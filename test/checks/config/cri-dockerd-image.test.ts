import { describe, expect, it } from 'vitest';
import check from '../../../checks/config/cri-dockerd-image.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { emptyNode, id, judge, NOW, PAUSE, unread } from '../../support/node.ts';

function node(image: string | null, kubelet = '1.32.4'): Facts {
  const facts = emptyNode();
  facts.criDockerd.image = image;
  facts.kubelet.version = kubelet;
  return facts;
}

describe('config/cri-dockerd-image', () => {
  it('passes the image that kubeadm wants and that is here', async () => {
    expect((await judge(check, node(PAUSE))).verdict).toBe('pass');
  });

  it('says as information that kubeadm of 1.34 wants another one', async () => {
    expect((await judge(check, node(PAUSE, '1.34.1'))).findings).toMatchObject([
      {
        messageId: 'lag',
        severity: 'info',
        message: `cri-dockerd makes sandboxes from ${PAUSE}, while kubeadm of Kubernetes 1.34.1 wants pause 3.10.1`,
      },
    ]);
  });

  it('warns of one that is not here, from the flag or from the newest sandbox', async () => {
    const flagged = await judge(check, node('registry.k8s.io/pause:3.9'));
    expect(flagged.findings).toMatchObject([
      {
        messageId: 'missing',
        severity: 'warning',
        remedies: [{ commands: ['docker pull registry.k8s.io/pause:3.9'] }, {}],
      },
    ]);
    const built = node(null);
    const sandbox = (createdAt: number, image: string) => ({
      id: id('c'),
      name: 'k8s_POD_a',
      state: 'running',
      createdAt,
      image,
    });
    built.criDockerd.docker = [sandbox(NOW - 2, PAUSE), sandbox(NOW - 1, 'registry.k8s.io/pause:3.8')];
    expect((await judge(check, built)).findings).toMatchObject([
      { messageId: 'missing', subject: { id: 'registry.k8s.io/pause:3.8' } },
    ]);
  });

  it('says nothing of what is not known: the built-in image, a version, images of others', async () => {
    expect((await judge(check, node(null))).verdict).toBe('pass');
    const facts = node(PAUSE, '1.34.1');
    expect((await judge(check, facts, { kubelet: unread('unavailable', 'no') })).verdict).toBe('pass');
    const own = node('registry.local/ours:1');
    own.images.push({ id: 'sha256:1', tags: ['registry.local/ours:1'], digests: [], size: 1, pinned: true });
    expect((await judge(check, own)).verdict).toBe('pass');
  });
});
