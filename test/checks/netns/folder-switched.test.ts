import { describe, expect, it } from 'vitest';
import check from '../../../checks/netns/folder-switched.ts';
import { addPod, emptyNode, healthyNode, judge, unread } from '../../support/node.ts';

const BELOW_STATE = '/run/containerd/io.containerd.grpc.v1.cri/netns';

describe('netns/folder-switched', () => {
  it('passes where every pin is in the configured folder, and pods without a pin', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('says which pods have their pins elsewhere, and that it is harmless', async () => {
    const node = healthyNode();
    node.runtimeConfig.netnsDir = BELOW_STATE;
    const { record } = addPod(node, 7, 'new');
    record.netnsPath = `${BELOW_STATE}/cni-7`;
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'switched',
        severity: 'info',
        message: `2 pods are pinned in /run/netns, but the configuration names ${BELOW_STATE}: harmless, because the runtime recorded the paths`,
        evidence: [
          { at: '/etc/containerd/config.toml', value: `pins in ${BELOW_STATE}` },
          { value: 'pin of default/web' },
          { value: 'pin of default/shared' },
        ],
      },
    ]);
  });

  it('says nothing where the configuration or the list of pods is not known', async () => {
    const node = emptyNode();
    addPod(node, 1, 'web');
    node.runtimeConfig.netnsDir = BELOW_STATE;
    expect(await judge(check, node, { sandboxes: unread('timeout', 'no answer') })).toMatchObject({
      verdict: 'pass',
    });
    const [file] = node.runtimeConfig.files;
    if (file) file.error = { message: 'unexpected end', line: 3, column: 1 };
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
