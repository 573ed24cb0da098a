import { describe, expect, it } from 'vitest';
import check from '../../../checks/config/unreadable.ts';
import type { IgnoredKey } from '../../../src/model/facts.ts';
import { healthyNode, judge, PAUSE } from '../../support/node.ts';

const IGNORED: IgnoredKey = {
  file: '/etc/containerd/config.toml',
  line: 4,
  key: 'plugins."io.containerd.grpc.v1.cri".sandbox_image',
  value: 'example.com/pause:1',
  reason: 'wrong-version',
  by: null,
  insteadKey: "plugins.'io.containerd.cri.v1.images'.pinned_images.sandbox",
};

describe('config/unreadable', () => {
  it('passes readable files', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names a broken file with line and column', async () => {
    const node = healthyNode();
    const file = node.runtimeConfig.files[0];
    if (file) file.error = { message: 'expected a key', line: 7, column: 3 };
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'broken',
        severity: 'error',
        message:
          'containerd will not start again: /etc/containerd/config.toml cannot be used: expected a key',
        subject: { kind: 'file', id: '/etc/containerd/config.toml' },
        evidence: [{ at: '/etc/containerd/config.toml:7:3' }],
      },
    ]);
  });

  it('names a key in the place of another version and how it is called in this one', async () => {
    const node = healthyNode();
    node.runtimeConfig.ignored = [IGNORED];
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'ignoredKey',
        severity: 'warning',
        message: `${IGNORED.key} = "example.com/pause:1" is ignored in a file of this version; containerd uses ${PAUSE} for sandboxes`,
        evidence: [{ at: '/etc/containerd/config.toml:4' }, { value: IGNORED.insteadKey }],
      },
    ]);
  });

  it('is only information when the ignored key says what is used anyway', async () => {
    const node = healthyNode();
    node.runtimeConfig.ignored = [{ ...IGNORED, value: PAUSE }];
    expect((await judge(check, node)).findings).toMatchObject([{ severity: 'info' }]);
  });

  it('leaves keys that another file undoes to config/sandbox-image-drift', async () => {
    const node = healthyNode();
    node.runtimeConfig.ignored = [
      { ...IGNORED, reason: 'table-replaced', by: '/etc/containerd/conf.d/gpu.toml' },
    ];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
