import { describe, expect, it } from 'vitest';
import check from '../../../checks/kubelet/removed-pause-flag.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { DAY, healthyNode, judge, NOW } from '../../support/node.ts';

const KUBEADM = '/var/lib/kubelet/kubeadm-flags.env';
const EXTRA = '/etc/default/kubelet';
const NO_KUBELET: Outcome<never> = { status: 'absent', reason: 'no kubelet runs', ms: 0 };

function node(version: string | null, file: string, mtime = NOW - 5 * DAY): Facts {
  const facts = healthyNode();
  facts.kubelet.version = version;
  facts.kubeletConfig.pauseFlags = [{ file, line: 2, value: 'registry.k8s.io/pause:3.9', mtime }];
  return facts;
}

describe('kubelet/removed-pause-flag', () => {
  it('passes where no file has the flag', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it.each([KUBEADM, EXTRA])('names %s, for which kubelet 1.35 does not start', async (file) => {
    const facts = node(null, file);
    facts.kubeletConfig.installedVersion = '1.35.1';
    expect((await judge(check, facts, { kubelet: NO_KUBELET })).findings).toMatchObject([
      {
        messageId: 'removed',
        severity: 'error',
        message: `kubelet 1.35.1 does not start: it does not know --pod-infra-container-image, which ${file} gives it`,
        subject: { kind: 'file', id: file },
        evidence: [{ at: `${file}:2`, value: '--pod-infra-container-image=registry.k8s.io/pause:3.9' }],
      },
    ]);
  });

  it('warns where the flag came in after kubelet was started', async () => {
    expect((await judge(check, node('1.36.0', EXTRA, NOW))).findings).toMatchObject([
      { messageId: 'removedAtStart', severity: 'warning' },
    ]);
  });

  it('does not report a file that kubelet was started beside: it is not read', async () => {
    expect(await judge(check, node('1.35.0', EXTRA))).toMatchObject({ verdict: 'pass' });
  });

  it('says before the upgrade, as information, which files no upgrade clears', async () => {
    expect((await judge(check, node('1.34.2', EXTRA))).findings).toMatchObject([
      { messageId: 'removedSoon', severity: 'info', subject: { id: EXTRA } },
    ]);
    expect(await judge(check, node('1.34.2', KUBEADM))).toMatchObject({ verdict: 'pass' });
  });

  it('is skipped while the version is not known', async () => {
    expect(await judge(check, node(null, EXTRA))).toMatchObject({
      verdict: 'skipped',
      reason: "kubelet's version is not known",
    });
  });
});
