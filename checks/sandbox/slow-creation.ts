import {
  type Advice,
  type Creation,
  completeValue,
  creationsOf,
  defineCheck,
  durationText,
  type Finding,
  optionOf,
  type RuntimeLog,
  sandboxName,
} from '../../src/api.ts';

const OPTIONS = {
  notableSeconds: {
    default: 10,
    min: 1,
    max: 86_400,
    describe: 'From when on it is told, for information: most sandboxes take a second or two',
  },
  warnMinutes: {
    default: 4,
    min: 1,
    max: 1440,
    describe: 'From when on it is a warning: kubelet has then given the attempt up',
  },
} as const;

export default defineCheck({
  meta: {
    id: 'sandbox/slow-creation',
    title: 'Sandboxes are made in time',
    failureTitle: 'A sandbox is being made for long',
    why: "While the first attempt goes on, the pod's name stays reserved: kubelet gives up after four minutes and tries again, and every further attempt fails with a message that names an id which nothing lists.",
    proof:
      'A sandbox that containerd has written down since its start, or that a plugin of CRI-O works for, and that the runtime does not list yet. Its plugin, shim and bundle tell the stage.',
    neverReports: [
      'a sandbox that is being made for less than ten seconds',
      'sandboxes of another runtime on the node: the record is in the store of this one',
      'a pause that runs without being listed (sandbox/orphaned-pause)',
    ],
    severity: 'warning',
    tags: ['sandbox'],
    needs: ['sandboxes', 'processes', 'host', 'endpoints'],
    wants: ['store', 'bundles', 'daemons', 'runtimeConfig', 'runtimeLog'],
    options: OPTIONS,
    messages: {
      network:
        '{{pod}} is being made for {{age}}, and its CNI plugin {{plugin}} has not ended: until then its name stays reserved for {{id}}',
      undoing:
        '{{pod}} could not be made, and its CNI plugin {{plugin}} is still taking its network down after {{age}}: until then its name stays reserved for {{id}}',
      starting:
        '{{pod}} is being made for {{age}}, and its pause has not started: until then its name stays reserved for {{id}}',
      recorded:
        '{{pod}} is being made for {{age}}, and nothing but the runtime works on it: until then its name stays reserved for {{id}}',
    },
    references: [
      'https://github.com/containerd/containerd/issues/9947',
      'https://github.com/cri-o/cri-o/issues/7010',
    ],
  },
  run(facts, settings) {
    const notableMs = optionOf(settings, OPTIONS, 'notableSeconds') * 1000;
    const warnMs = optionOf(settings, OPTIONS, 'warnMinutes') * 60_000;
    const logs = completeValue(facts.runtimeLog) ?? [];
    return creationsOf(facts)
      .filter(({ ageMs }) => ageMs >= Math.min(settings.minAgeMs, notableMs))
      .map((creation) => finding(creation, logs, warnMs));
  },
});

function finding(creation: Creation, logs: RuntimeLog[], warnMs: number): Finding {
  const { id, meta, stage, plugin, shim, ageMs } = creation;
  const pod = sandboxName(id, meta);
  const refused = logs
    .flatMap((log) => log.events.map((event) => ({ ...event, source: log.source })))
    .filter(({ kind, fields }) => kind === 'name-reserved' && fields.holder === id);
  return {
    messageId: stage,
    severity: ageMs >= warnMs ? 'warning' : 'info',
    subject: { kind: 'sandbox', id, name: pod },
    data: { pod, id, sandbox: id, plugin: plugin?.comm ?? '', age: durationText(ageMs) },
    evidence: [
      ...(plugin
        ? [
            {
              fact: 'processes' as const,
              at: `/proc/${plugin.pid}`,
              value: `${plugin.comm}, ${plugin.cni?.command} in ${plugin.cni?.netns}`,
            },
          ]
        : []),
      ...(shim ? [{ fact: 'processes' as const, at: `/proc/${shim.pid}`, value: 'its shim' }] : []),
      { fact: 'store', at: `sandbox ${id.slice(0, 13)}`, value: 'recorded, not listed' },
      ...refused.map(({ source, count }) => ({
        fact: 'runtimeLog' as const,
        at: source,
        value: `further attempts refused: ${count}`,
      })),
    ],
    advice: adviceOf(creation),
  };
}

function adviceOf({ plugin, shim, stage }: Creation): Advice[] {
  const process = plugin ?? shim;
  if (process === null)
    return [
      {
        title: 'See whether disk or memory holds the runtime up; the name is free when the attempt ends',
        risk: 'safe',
        commands: [
          ['cat', '/proc/pressure/io'],
          ['cat', '/proc/pressure/memory'],
        ],
      },
    ];
  return [
    {
      title:
        stage === 'starting'
          ? 'See what its shim waits for; the name is free when the attempt ends'
          : 'See what the plugin waits for (its agent, its server); the name is free when it ends',
      risk: 'safe',
      commands: [
        ['cat', `/proc/${process.pid}/wchan`],
        ['ls', '-l', `/proc/${process.pid}/fd`],
      ],
    },
  ];
}
