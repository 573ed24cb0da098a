import { defineCheck, type Finding, type HostFact, type OwnSandbox } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/half-created',
    title: "podctl's own sandboxes are whole, or gone",
    failureTitle: 'A sandbox was left half made',
    why: 'A command was killed between its first and its last step. What it made already stays: processes, pins, an address, a name.',
    proof:
      'Its record says that its creation or removal was begun, or comes from before the last boot, or pins and files are left without a record; no podctl that runs holds its lock; and it is older than --min-age.',
    neverReports: [
      'a sandbox that a podctl makes, repairs or removes right now',
      'a sandbox that was stopped: its record is kept on purpose',
      'sandboxes of a container runtime, which finishes or undoes its own',
    ],
    severity: 'warning',
    tags: ['orphan', 'sandbox'],
    needs: ['ownSandboxes', 'host'],
    messages: {
      creating: '{{name}} was begun and never finished',
      removing: '{{name}} was being removed, and not all of it is gone',
      reboot: '{{name}} was made before this machine was started: only its files and reservations are left',
      unrecorded: 'pins or files of sandbox {{name}} are left, but no record of it',
      unreadable: 'the record of sandbox {{name}} cannot be read: {{problem}}',
    },
    references: [],
  },
  run({ ownSandboxes, host }, { minAgeMs }) {
    return ownSandboxes
      .filter((own) => !own.busy && host.now - own.createdAt >= minAgeMs)
      .flatMap((own) => {
        const messageId = messageOf(own);
        return messageId === null ? [] : [finding(own, messageId, host)];
      });
  },
});

function messageOf({ phase, sameBoot }: OwnSandbox): string | null {
  if (phase === 'unrecorded' || phase === 'unreadable') return phase;
  if (!sameBoot) return 'reboot';
  return phase === 'creating' || phase === 'removing' ? phase : null;
}

function finding(own: OwnSandbox, messageId: string, host: HostFact): Finding {
  const { id, dir, pins, problem } = own;
  const name = own.name === '' ? id.slice(0, 13) : own.name;
  const at = messageId === 'unrecorded' ? pins.net : dir;
  return {
    messageId,
    subject: { kind: 'sandbox', id, name: `podctl/${name}` },
    data: { name, problem },
    evidence: [
      {
        fact: 'ownSandboxes',
        at: messageId === 'unreadable' ? problem : at,
        value: `phase ${own.phase}${own.createdAt === 0 ? '' : `, for ${Math.round((host.now - own.createdAt) / 1000)} s`}`,
      },
    ],
    advice: adviceOf(own, messageId, name),
  };
}

function adviceOf({ pins, dir }: OwnSandbox, messageId: string, name: string): Finding['advice'] & object {
  if (messageId === 'unreadable') return [];
  if (messageId === 'unrecorded') {
    const commands = Object.values(pins).flatMap((pin) => [
      ['umount', pin],
      ['rm', '-f', pin],
    ]);
    return [
      { title: 'Take away what is left', risk: 'destructive', commands: [...commands, ['rm', '-r', dir]] },
    ];
  }
  return [
    {
      title: messageId === 'creating' ? 'Finish it' : 'Finish the removal',
      risk: 'disruptive',
      commands: [['podctl', 'sandbox', 'repair', name]],
    },
    ...(messageId === 'creating'
      ? [
          {
            title: 'Or undo it',
            risk: 'destructive' as const,
            commands: [['podctl', 'sandbox', 'rm', '-f', name]],
          },
        ]
      : []),
  ];
}
