import { aCheck, aFinding, aReport } from '../support/report.ts';

const ID = '0123456789abcdef'.repeat(4);

const imageMissing = aFinding({
  message: 'New pods cannot start: the sandbox image registry.k8s.io/pause:3.10 is not on this node',
  subject: { kind: 'image', id: 'registry.k8s.io/pause:3.10' },
  evidence: [
    {
      fact: 'runtimeConfig',
      at: '/etc/containerd/config.toml:14',
      value: 'sandbox = "registry.k8s.io/pause:3.10"',
    },
    { fact: 'images', at: 'image list', value: '10 images; pause:3.9 is here with the same content' },
  ],
  remedies: [
    { id: 'a', title: 'Pull', risk: 'safe', commands: ['crictl pull registry.k8s.io/pause:3.10'] },
    {
      id: 'b',
      title: 'Tag',
      risk: 'disruptive',
      commands: [
        'ctr -n k8s.io images tag --force registry.k8s.io/pause:3.9 registry.k8s.io/pause:3.10',
        'systemctl restart containerd',
      ],
    },
  ],
});

const orphan = aFinding({
  severity: 'warning',
  message: `The pause of sandbox ${ID} lives, its record is gone`,
  evidence: [
    {
      fact: 'bundles',
      at: `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`,
      value: 'here',
    },
  ],
  remedies: [{ id: 'x', title: 'Remove', risk: 'destructive', commands: [`crictl rmp -f ${ID}`] }],
});

const leaked = (n: number) =>
  aFinding({
    severity: 'warning',
    subject: { kind: 'netns', id: `/run/netns/cni-${n}` },
    message: `nobody uses /run/netns/cni-${n}`,
    evidence: [{ fact: 'pins', at: `/run/netns/cni-${n}`, value: `net:[402653301${n}]` }],
    remedies: [{ id: 'x', title: 'Remove', risk: 'safe', commands: ['podctl gc netns'] }],
  });

/** Every kind of block: one subject, many, a long command, information, what was not judged. */
export const brokenReport = aReport(
  [
    aCheck({
      id: 'netns/leaked',
      failureTitle: 'Network namespaces outlived their sandboxes',
      severity: 'warning',
      findings: [1, 2, 3, 4, 5].map(leaked),
    }),
    aCheck({ id: 'image/sandbox-image-missing', findings: [imageMissing] }),
    aCheck({ id: 'sandbox/orphaned-pause', findings: [orphan] }),
    aCheck({ id: 'config/fine' }),
    aCheck({ id: 'kubelet/sample', verdict: 'unknown', reason: 'kubelet is not running' }),
    aCheck({
      id: 'config/note',
      findings: [aFinding({ severity: 'info', message: 'For your information' })],
    }),
  ],
  {
    facts: [
      { name: 'sandboxes', status: 'complete', ms: 12, problems: [], reason: '' },
      { name: 'kubelet', status: 'absent', ms: 0.3, problems: [], reason: 'kubelet is not running' },
      {
        name: 'store',
        status: 'failed',
        ms: 10_000,
        problems: [{ code: 'timeout', message: 'no answer within 10 s' }],
        reason: '',
      },
    ],
  },
);

const NAME = `web\x1b[2J\x1b]0;owned\x07\u202e"quoted" 'single'\r\nERROR  forged\u2028日本\x9b31m${'x'.repeat(10_000)}`;

/** A node whose every string is meant to harm. */
export const hostileReport = aReport(
  [
    aCheck({
      findings: [1, 2].map((n) =>
        aFinding({
          message: `${n} ${NAME}`,
          subject: { kind: 'sandbox', id: NAME, name: NAME },
          evidence: [{ fact: 'pins', at: NAME, value: NAME }],
          remedies: [{ id: 'x', title: NAME, risk: 'safe', commands: [] }],
        }),
      ),
    }),
    aCheck({ verdict: 'unknown', reason: NAME, problems: [{ code: 'malformed', message: NAME }] }),
  ],
  {
    node: NAME,
    runtime: NAME,
    facts: [
      {
        name: 'pins',
        status: 'failed',
        ms: 1,
        problems: [{ code: 'malformed', message: NAME }],
        reason: NAME,
      },
    ],
  },
);
