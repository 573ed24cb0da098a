import {
  completeValue,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  isKnownPod,
  optionOf,
  podctlGc,
  type Sandbox,
  sandboxName,
} from '../../src/api.ts';

const OPTIONS = {
  tolerated: {
    default: 1,
    min: 1,
    max: 1000,
    describe: 'How many dead sandboxes of a pod are no pile: kubelet keeps one for its logs',
  },
} as const;

export default defineCheck({
  meta: {
    id: 'sandbox/notready-pile',
    title: 'Dead sandboxes are removed',
    failureTitle: 'Dead sandboxes pile up',
    why: "Each dead sandbox keeps a record, a reserved name and sometimes an address. A pile means that kubelet's collection does not work, and every listing and restart of the runtime gets slower.",
    proof:
      'More than one sandbox of the same pod is not ready and older than --min-age; or one is, of a pod that kubelet or the API server does not list.',
    neverReports: [
      'the latest dead sandbox of a pod, which kubelet keeps for its status and logs',
      'a pod with one dead and one ready sandbox',
      'pods that are unknown while nobody can be asked: after a reboot every pod has one dead sandbox',
    ],
    severity: 'warning',
    tags: ['orphan', 'sandbox'],
    needs: ['sandboxes', 'host', 'endpoints'],
    wants: ['podOwners'],
    options: OPTIONS,
    messages: {
      pile: '{{pod}} has {{count}} dead sandboxes; kubelet keeps one',
      podGone:
        'the dead sandbox of {{pod}} is left, but {{source}} knows no such pod: kubelet should have removed it',
    },
    references: [
      'https://github.com/containerd/containerd/issues/10865',
      'https://github.com/kubernetes/kubernetes/issues/115252',
    ],
  },
  run({ sandboxes, host, endpoints, podOwners }, settings) {
    const { minAgeMs } = settings;
    const tolerated = optionOf(settings, OPTIONS, 'tolerated');
    const owners = completeValue(podOwners);
    const isGone = (s: Sandbox) =>
      owners?.kubelet === 'runs' && !s.provider && isKnownPod(owners, s) === false;
    const dead = sandboxes.filter((s) => s.state === 'notready' && host.now - s.createdAt >= minAgeMs);
    const byPod = new Map<string, Sandbox[]>();
    for (const sandbox of dead) {
      const key = sandbox.uid || `${sandbox.namespace}/${sandbox.name}`;
      const group = byPod.get(key) ?? [];
      group.push(sandbox);
      byPod.set(key, group);
    }
    const groups = [...byPod.values()];
    return [
      ...groups.filter((group) => group.length > tolerated).map((group) => finding(group, endpoints)),
      ...groups
        .flatMap((group) => (group.length > tolerated ? [] : group))
        .filter(isGone)
        .map((sandbox) => podGone(sandbox, owners?.source ?? '', endpoints)),
    ];
  },
});

/** One that may go at any moment: kubelet collects once a minute. */
function podGone(sandbox: Sandbox, source: string, endpoints: EndpointsFact): Finding {
  const { id } = sandbox;
  const pod = sandboxName(id, sandbox);
  return {
    messageId: 'podGone',
    severity: 'info',
    subject: { kind: 'sandbox', id, name: pod },
    data: { pod, sandbox: id, source },
    evidence: [
      { fact: 'sandboxes', at: `sandbox ${id.slice(0, 13)}`, value: 'NOTREADY' },
      { fact: 'podOwners', at: source, value: 'does not list its pod' },
    ],
    advice: [
      {
        title: 'Remove it',
        risk: 'disruptive',
        commands: [crictl(endpoints, 'stopp', id), crictl(endpoints, 'rmp', id)],
      },
    ],
  };
}

function finding(group: Sandbox[], endpoints: EndpointsFact): Finding {
  const [newest, ...older] = group.sort((a, b) => b.attempt - a.attempt || b.createdAt - a.createdAt);
  const pod = newest ? `${newest.namespace}/${newest.name}` : '';
  return {
    messageId: 'pile',
    subject: { kind: 'sandbox', id: newest?.id ?? '', name: pod },
    data: { pod, count: group.length, olderIds: older.map(({ id }) => id).join(' ') },
    evidence: older.map((sandbox) => ({
      fact: 'sandboxes',
      at: `sandbox ${sandbox.id.slice(0, 13)}`,
      value: `NOTREADY, ${sandboxName(sandbox.id, sandbox)}`,
    })),
    advice: [
      {
        title: 'Remove all but the latest',
        risk: 'disruptive',
        commands: [podctlGc(endpoints, 'sandboxes')],
      },
      {
        title: 'Remove all but the latest, one by one',
        risk: 'disruptive',
        commands: older.flatMap(({ id }) => [crictl(endpoints, 'stopp', id), crictl(endpoints, 'rmp', id)]),
      },
    ],
  };
}
