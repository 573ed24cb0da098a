import { aCheck, aFinding, aReport } from '../support/report.ts';
import { brokenReport } from './broken-report.ts';

const plugin = aFinding({
  messageId: 'missing',
  message: 'The CNI plugin bridge is not there, so no pod gets a network',
  subject: { kind: 'file', id: '/etc/cni/net.d/10-podnet.conflist', name: 'podnet' },
  evidence: [{ fact: 'cniConf', at: '/etc/cni/net.d/10-podnet.conflist:6', value: '"type": "bridge"' }],
  fingerprint: 'cni/plugin-missing missing file /etc/cni/net.d/10-podnet.conflist',
});

const follows = { check: 'cni/plugin-missing', messageId: plugin.messageId, subject: plugin.subject };

const reservation = aFinding({
  severity: 'warning',
  message: 'The address 10.88.0.9 is reserved for a sandbox that is gone',
  subject: { kind: 'reservation', id: '/var/lib/cni/networks/podnet/10.88.0.9' },
  explainedBy: [follows],
  fingerprint: 'cni/leaked-reservation leaked reservation /var/lib/cni/networks/podnet/10.88.0.9',
});

const accepted = (name: string) =>
  aFinding({
    severity: 'warning',
    message: `${name} runs without its sandbox`,
    subject: { kind: 'sandbox', id: 'b'.repeat(64), name },
    fingerprint: `sandbox/anchor-lost pauseDead sandbox ${name}`,
  });

/** All that a report can hold: also a cause and what follows from it, what is accepted, what was skipped or not judged. */
export const richReport = aReport(
  [
    ...brokenReport.checks,
    aCheck({ id: 'cni/plugin-missing', failureTitle: 'A CNI plugin is missing', findings: [plugin] }),
    aCheck({ id: 'cni/leaked-reservation', severity: 'warning', findings: [reservation] }),
    aCheck({
      id: 'sandbox/anchor-lost',
      verdict: 'found',
      ignored: [
        {
          ...accepted('default/old'),
          ignored: { by: 'configuration', reason: 'moved on Friday', until: '2026-02-01' },
        },
        { ...accepted('default/older'), ignored: { by: 'baseline', reason: '', until: '' } },
      ],
    }),
    aCheck({ id: 'podman/pause-lost', verdict: 'skipped', reason: 'podman is not on this node' }),
    aCheck({
      id: 'sandbox/leaked-shim',
      verdict: 'unknown',
      reason: 'no CNI plugin tells',
      explainedBy: [follows],
    }),
  ],
  {
    facts: brokenReport.facts,
    baseline: { file: 'known.json', takenAt: '2026-01-01T03:04:05.678Z', gone: [] },
  },
);
