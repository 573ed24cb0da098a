import { describe, expect, it } from 'vitest';
import check from '../../../checks/config/unreadable.ts';
import type { IgnoredKey } from '../../../src/model/facts.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { healthyNode, judge, PAUSE, unread } from '../../support/node.ts';

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

  it('is unknown about a file that only podctl may not read', async () => {
    const node = healthyNode();
    const file = node.runtimeConfig.files[0];
    if (file) file.error = { message: 'permission denied', line: null, column: null };
    const problems = [{ code: 'denied', message: 'cannot read it', subject: file?.path ?? '' }] as const;
    const outcome = {
      status: 'complete',
      value: node.runtimeConfig,
      problems,
      ms: 1,
    } as unknown as Outcome<never>;
    expect(await judge(check, node, { runtimeConfig: outcome })).toMatchObject({
      verdict: 'unknown',
      findings: [],
    });
  });

  it('is skipped without a runtime, unknown when the configuration could not be looked at', async () => {
    const absent = { status: 'absent', reason: 'no runtime', ms: 0 } as const;
    expect(await judge(check, healthyNode(), { runtimeConfig: absent })).toMatchObject({
      verdict: 'skipped',
    });
    const failed = unread('timeout', 'too slow');
    expect(await judge(check, healthyNode(), { runtimeConfig: failed })).toMatchObject({
      verdict: 'unknown',
    });
  });

  it('leaves keys that another file undoes to config/sandbox-image-drift', async () => {
    const node = healthyNode();
    node.runtimeConfig.ignored = [
      { ...IGNORED, reason: 'table-replaced', by: '/etc/containerd/conf.d/gpu.toml' },
    ];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
