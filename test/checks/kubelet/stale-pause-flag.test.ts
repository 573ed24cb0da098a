import { describe, expect, it } from 'vitest';
import check from '../../../checks/kubelet/stale-pause-flag.ts';
import type { Facts, Image } from '../../../src/model/facts.ts';
import { healthyNode, judge, NOW, PAUSE, PAUSE_ID } from '../../support/node.ts';

const OLD = 'registry.k8s.io/pause:3.6';
const FILE = '/var/lib/kubelet/kubeadm-flags.env';

/** A node whose kubelet was given the flag, by kubeadm's file, while the image in use is not pinned. */
function node(version: string | null, value = OLD): Facts {
  const facts = healthyNode();
  facts.kubelet = { ...facts.kubelet, version, flags: { 'pod-infra-container-image': value } };
  facts.kubeletConfig.pauseFlags = [{ file: FILE, line: 1, value, mtime: NOW - 1e9 }];
  pause(facts).pinned = false;
  return facts;
}

function pause({ images }: Facts): Image {
  const found = images.find(({ id }) => id === PAUSE_ID);
  if (!found) throw new Error('there is no pause');
  return found;
}

describe('kubelet/stale-pause-flag: an older kubelet keeps another image than the one in use', () => {
  it('passes without the flag, and with one that names the image in use', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
    const same = node('1.28.4', PAUSE);
    same.kubeletConfig.pauseFlags = [];
    expect(await judge(check, same)).toMatchObject({ verdict: 'pass' });
  });

  it('names both images, and tells the file once', async () => {
    expect((await judge(check, node('1.28.4'))).findings).toMatchObject([
      {
        messageId: 'protectsOther',
        severity: 'warning',
        message: `kubelet 1.28.4 keeps ${OLD} from its collection, but containerd makes sandboxes from ${PAUSE}, which may be deleted on a full disk`,
        subject: { kind: 'image', id: PAUSE },
        evidence: [
          { at: '--pod-infra-container-image', value: OLD },
          { value: PAUSE },
          { at: PAUSE, value: 'pinned = false' },
        ],
      },
    ]);
  });

  it('is information while the image in use is pinned', async () => {
    const facts = node('1.28.4');
    pause(facts).pinned = true;
    expect((await judge(check, facts)).findings).toMatchObject([
      { messageId: 'protectsOther', severity: 'info' },
    ]);
  });

  it('is a warning while the image in use is not here at all', async () => {
    const facts = node('1.28.4');
    facts.images = [];
    expect((await judge(check, facts)).findings).toMatchObject([
      { messageId: 'protectsOther', severity: 'warning' },
    ]);
  });

  it('compares ids, not names', async () => {
    const facts = node('1.28.4', 'mirror.example/pause:3.9');
    pause(facts).tags.push('mirror.example/pause:3.9');
    expect(await judge(check, facts)).toMatchObject({ verdict: 'pass' });
  });

  it('is nothing from kubelet 1.29 on, where the flag does nothing', async () => {
    const facts = node('1.29.0', 'registry.k8s.io/pause:3.9');
    expect(await judge(check, facts)).toMatchObject({ verdict: 'pass' });
  });

  it('is not judged while the version or the image in use is not known', async () => {
    expect(await judge(check, node(null))).toMatchObject({ verdict: 'pass' });
    const facts = node('1.28.4', 'registry.k8s.io/pause:3.9');
    facts.runtimeConfig.sandboxImage = null;
    expect(await judge(check, facts)).toMatchObject({ verdict: 'pass' });
  });
});

describe('kubelet/stale-pause-flag: kubeadm wrote it for an older Kubernetes', () => {
  it('is information', async () => {
    expect((await judge(check, node('1.32.4'))).findings).toMatchObject([
      {
        messageId: 'stale',
        severity: 'info',
        message: `${FILE} names pause 3.6 for kubelet, while kubeadm of Kubernetes 1.32.4 wants 3.10: it was written for an older one`,
        evidence: [{ at: `${FILE}:1`, value: `--pod-infra-container-image=${OLD}` }],
      },
    ]);
  });

  it('reads what is wanted from the fact', async () => {
    const facts = node('1.34.0', 'registry.k8s.io/pause:3.6');
    facts.pauseVersions.kubeadm['1.34'] = '3.6';
    expect(await judge(check, facts)).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['the tag that kubeadm wants', '1.32.4', 'registry.k8s.io/pause:3.10'],
    ['another name with the same tag', '1.32.4', 'mirror.example/google/pause-amd64:3.10'],
    ["no tag of Kubernetes' pauses", '1.32.4', 'mirror.example/pause:v7'],
    ['a version that is not known', '1.99.0', OLD],
    ['1.35, where the flag is gone', '1.35.0', OLD],
  ])('is nothing for %s', async (_, version, value) => {
    expect(await judge(check, node(version, value))).toMatchObject({ verdict: 'pass' });
  });
});
