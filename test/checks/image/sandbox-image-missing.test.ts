import { describe, expect, it } from 'vitest';
import check from '../../../checks/image/sandbox-image-missing.ts';
import { healthyNode, judge, NOW, PAUSE, unread } from '../../support/node.ts';

describe('image/sandbox-image-missing', () => {
  it('passes while the image is here, under any spelling of its name', async () => {
    const node = healthyNode();
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
    for (const [configured, tag] of [
      ['pause', 'docker.io/library/pause:latest'],
      ['index.docker.io/team/pause:1', 'docker.io/team/pause:1'],
      ['registry.local:5000/pause:3.9', 'registry.local:5000/pause:3.9'],
    ] as const) {
      node.runtimeConfig.sandboxImage = { value: configured, file: null, line: null, origin: 'default' };
      node.images = [{ id: 'sha256:1', tags: [tag], digests: [], size: 1, pinned: true }];
      expect(await judge(check, node), configured).toMatchObject({ verdict: 'pass' });
    }
  });

  it('finds an image that is configured by digest, with or without a tag', async () => {
    const node = healthyNode();
    const digest = `sha256:${'d'.repeat(64)}`;
    node.images = [
      { id: 'sha256:1', tags: [], digests: [`registry.k8s.io/pause@${digest}`], size: 1, pinned: true },
    ];
    for (const value of [`registry.k8s.io/pause@${digest}`, `registry.k8s.io/pause:3.10@${digest}`]) {
      node.runtimeConfig.sandboxImage = { value, file: null, line: null, origin: 'default' };
      expect(await judge(check, node), value).toMatchObject({ verdict: 'pass' });
    }
  });

  it('names the missing image, where it is configured, and what else is here', async () => {
    const node = healthyNode();
    node.images = [
      { id: 'sha256:1', tags: ['registry.k8s.io/pause:3.9'], digests: [], size: 1, pinned: false },
    ];
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'missing',
        severity: 'error',
        message: `New pods cannot start: the sandbox image ${PAUSE} is not on this node`,
        subject: { kind: 'image', id: PAUSE },
        evidence: [
          { at: '/etc/containerd/config.toml:6', value: PAUSE },
          { at: 'image list', value: '1 images; registry.k8s.io/pause:3.9 is here' },
        ],
        remedies: [
          { risk: 'safe', commands: [`crictl pull ${PAUSE}`] },
          { commands: [`ctr -n k8s.io images tag registry.k8s.io/pause:3.9 ${PAUSE}`] },
        ],
      },
    ]);
  });

  it("believes the runtime's own word before its files", async () => {
    const node = healthyNode();
    node.runtime.sandboxImage = 'registry.k8s.io/pause:3.8';
    node.images.push({
      id: 'sha256:8',
      tags: ['registry.k8s.io/pause:3.8'],
      digests: [],
      size: 1,
      pinned: true,
    });
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    node.images = [];
    expect((await judge(check, node)).findings.map((f) => f.subject.id)).toEqual([
      'registry.k8s.io/pause:3.8',
      PAUSE,
    ]);
  });

  it('only warns of an image that a file changed since the start names', async () => {
    const node = healthyNode();
    const file = node.runtimeConfig.files[0];
    if (file) file.mtime = NOW;
    node.runtimeConfig.sandboxImage = {
      value: 'example.com/pause:9',
      file: '/etc/c.toml',
      line: 3,
      origin: 'file',
    };
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'missingAfterRestart',
        severity: 'warning',
        message:
          'New pods will not start after the next restart of containerd: its configuration names example.com/pause:9, which is not on this node',
        evidence: [{ at: '/etc/c.toml:3' }, {}],
      },
    ]);
  });

  it('is unknown when neither runtime nor files tell which image it uses', async () => {
    const node = healthyNode();
    node.runtimeConfig.sandboxImage = null;
    expect(await judge(check, node)).toMatchObject({
      verdict: 'unknown',
      reason: 'which sandbox image containerd uses cannot be told: the version of containerd is not known',
    });
    for (const file of node.runtimeConfig.files) file.error = { message: 'x', line: null, column: null };
    expect((await judge(check, node)).reason).toContain('/etc/containerd/config.toml cannot be used');
  });

  it('is unknown while the image list cannot be read', async () => {
    const images = unread('timeout', 'no answer');
    expect(await judge(check, healthyNode(), { images })).toMatchObject({ verdict: 'unknown', findings: [] });
  });
});
