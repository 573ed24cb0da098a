import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/pauseless.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { healthyNode, judge, kill } from '../../support/node.ts';

/** CRI-O with pods of which two have no pause. */
function crio(): Facts {
  const node = healthyNode();
  node.runtime.name = 'cri-o';
  node.runtimeConfig.runtime = 'crio';
  node.runtimeConfig.dropsInfra = true;
  kill(node, ...node.processes.filter(({ comm }, i, all) => comm === 'pause' && i < all.length - 4));
  return node;
}

describe('sandbox/pauseless', () => {
  it('says that CRI-O needs no pause, once for all pods', async () => {
    expect((await judge(check, crio())).findings).toMatchObject([
      {
        messageId: 'dropped',
        severity: 'info',
        message:
          '2 pods run without a pause: harmless, because CRI-O pins the namespaces and needs none (drop_infra_ctr)',
        evidence: [{ value: expect.stringMatching(/^default\/web, ready; pinned at \/var\/run\/netns/) }, {}],
      },
    ]);
  });

  it('says nothing where CRI-O keeps pauses, and of containerd', async () => {
    const keeps = crio();
    keeps.runtimeConfig.dropsInfra = false;
    expect(await judge(check, keeps)).toMatchObject({ verdict: 'pass' });
    const containerd = crio();
    containerd.runtime.name = 'containerd';
    expect(await judge(check, containerd)).toMatchObject({ verdict: 'pass' });
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('does not count stopped sandboxes', async () => {
    const node = crio();
    for (const sandbox of node.sandboxes) sandbox.state = 'notready';
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
