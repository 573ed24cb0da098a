import { defineCheck, type Finding, networkDrift, type OwnSandbox, problem } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/network-drift',
    title: 'Sandboxes have the network that they were given',
    failureTitle: 'A sandbox lost a part of its network',
    why: 'An interface, address, route or the host end of the link is not as the network plugins left it. Every list shows the address, and nothing gets there.',
    proof:
      "What the plugins reported on ADD, kept in podctl's record, is compared with the links, addresses and routes in the sandbox's network namespace, and with the links at the other end on the node.",
    neverReports: [
      'routes and addresses that were added later',
      'sandboxes without a network of their own (--network none), but for a loopback that is down',
      "sandboxes of a container runtime: their results are not podctl's to judge",
      'a sandbox that a podctl makes, repairs or removes right now',
    ],
    severity: 'error',
    tags: ['sandbox', 'cni'],
    needs: ['ownSandboxes'],
    messages: {
      drift: '{{name}} cannot be relied on at {{addresses}}: {{faults}}',
      loopback: '{{name}}: {{faults}}',
      detached: '{{name}} is not attached to network {{network}}',
    },
    references: [],
  },
  run({ ownSandboxes }) {
    const judged = ownSandboxes.filter(
      (own) => own.phase === 'ready' && own.sameBoot && !own.busy && own.pauseRuns,
    );
    return {
      findings: judged.flatMap(judge),
      problems: judged
        .filter((own) => own.inside === null)
        .map((own) => problem('unavailable', `the network of ${own.name} could not be looked into`, own.id)),
    };
  },
});

function judge(own: OwnSandbox): Finding[] {
  const { id, name, network, attachment, inside, outside } = own;
  const subject = { kind: 'sandbox' as const, id, name: `podctl/${name}` };
  const repair = (risk: 'safe' | 'disruptive') => [
    {
      title: 'Attach it anew, asking for the same address',
      risk,
      commands: [['podctl', 'sandbox', 'repair', name]],
    },
  ];
  const at = `/proc/${own.pause?.pid}/ns/net`;
  if (network !== '' && attachment?.state !== 'attached')
    return [
      {
        messageId: 'detached',
        subject,
        data: { name, network },
        evidence: [{ fact: 'ownSandboxes', at, value: attachment ? 'its ADD was begun' : 'no attachment' }],
        advice: repair('disruptive'),
      },
    ];
  const faults = inside ? networkDrift(attachment, inside, outside) : [];
  if (faults.length === 0) return [];
  return [
    {
      messageId: attachment ? 'drift' : 'loopback',
      severity: attachment ? 'error' : 'warning',
      subject,
      data: { name, addresses: attachment?.addresses.join(', ') ?? '', faults: faults.join('; ') },
      evidence: faults.map((value) => ({ fact: 'ownSandboxes', at, value })),
      advice: attachment ? repair('disruptive') : [],
    },
  ];
}
