import {
  ageOf,
  amongPins,
  completeValue,
  crictl,
  ctr,
  defineCheck,
  type EndpointsFact,
  type Finding,
  gapOf,
  isOwn,
  type LostPin,
  lostAnchorPins,
  nsLink,
  type PinsFact,
  repairOwn,
  type SandboxView,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/anchor-lost',
    title: 'Every running container has its sandbox behind it',
    failureTitle: 'Containers outlived the pause of their sandbox',
    why: 'The containers serve on, but nothing can be started or restarted in their pod, and the next attempt of the pod gets another address while the old containers keep theirs. The runtime does not clean this up by itself.',
    proof:
      'The runtime lists the sandbox as not ready, or no more, and then lists a container of it as running; after that its first process is found alive and no pause is. Of a ready sandbox of CRI-O that has no pause: a pin that its config.json names is not mounted where CRI-O sees it.',
    neverReports: [
      'CRI-O, which drops the pause of a ready sandbox on purpose, while its pins are there',
      'a stopped sandbox with exited containers',
      'a pod that is being stopped: its containers end before its pause',
    ],
    severity: 'error',
    tags: ['sandbox'],
    needs: ['processes', 'host', 'endpoints'],
    wants: ['sandboxes', 'containers', 'runtime', 'store', 'bundles', 'ownSandboxes', 'pins'],
    messages: {
      pauseDead:
        '{{pod}} runs without its sandbox: pause is dead, {{containers}} still running, nothing can restart in it',
      unlisted:
        '{{pod}} runs without its sandbox: the runtime lists {{containers}} as running, but not their sandbox',
      pinsLost:
        '{{pod}} has lost its {{types}} pins, and has no pause: nothing can be started or restarted in it',
      ownPauseDead: '{{pod}} has lost its pause: only its pins keep its namespaces',
    },
    references: ['https://github.com/containerd/containerd/issues/11029'],
  },
  run(facts, { minAgeMs }) {
    const { host } = facts;
    const runtime = completeValue(facts.runtime)?.name ?? '';
    const own = completeValue(facts.ownSandboxes) ?? [];
    const isStanding = (id: string) =>
      own.some((s) => s.id === id && s.phase === 'ready' && s.sameBoot && !s.busy);
    const gap = gapOf(facts.ownSandboxes, facts.sandboxes, facts.containers);
    const findings = sandboxViews(facts)
      .filter((view) => gap === null || isOwn(view))
      .filter((view) => view.pause === null && (view.members.length > 0 || isStanding(view.id)))
      .filter((view) =>
        view.listed === null
          ? view.members.every((m) => ageOf(host, m.init) >= minAgeMs)
          : view.listed.state === 'notready',
      )
      .map((view) => finding(view, facts.endpoints, runtime));
    const pins = completeValue(facts.pins);
    const bare = pins && completeValue(facts.runtime)?.name === 'cri-o' ? sandboxViews(facts) : [];
    const unpinned = bare
      .filter(({ listed }) => listed !== null && host.now - listed.createdAt >= minAgeMs)
      .flatMap((view) => (pins ? pinsLost(view, pins, facts.endpoints) : []));
    return { problems: [], ...gap, findings: [...findings, ...unpinned] };
  },
});

function finding(view: SandboxView, endpoints: EndpointsFact, runtime: string): Finding {
  const pod = sandboxName(view.id, view.meta);
  const ids = view.members.map((m) => m.id);
  return {
    messageId: messageOf(view),
    subject: { kind: 'sandbox', id: view.id, name: pod },
    data: {
      pod,
      sandbox: view.id,
      containers: view.members.map((m) => m.listed?.name ?? m.id.slice(0, 13)).join(', '),
    },
    evidence: [
      {
        fact: 'sandboxes',
        at: `sandbox ${view.id.slice(0, 13)}`,
        value: view.listed ? 'NOTREADY, no live pause' : 'not listed, no live pause',
      },
      ...view.members.map(({ init }) => ({
        fact: 'processes' as const,
        at: `/proc/${init.pid}/ns/net`,
        value: `${init.ns.net === null ? 'unreadable' : nsLink('net', init.ns.net)}; ${init.comm} runs`,
      })),
    ],
    advice: [
      isOwn(view)
        ? {
            title: 'Start a new pause in the same namespaces: connections stay open',
            risk: 'safe',
            commands: [repairOwn(view)],
          }
        : view.listed
          ? {
              title: 'Take the rest of the pod down; kubelet makes it anew',
              risk: 'destructive',
              commands: [crictl(endpoints, 'stopp', view.id), crictl(endpoints, 'rmp', view.id)],
            }
          : {
              title:
                'Stop the containers and drop their records (crictl rm can crash containerd 2.x here); they are listed until its next start',
              risk: 'destructive',
              commands: ids.flatMap((id) => [
                crictl(endpoints, 'stop', id),
                ...(runtime === 'containerd' ? [ctr(endpoints, 'containers', 'rm', id)] : []),
              ]),
            },
    ],
  };
}

function messageOf({ listed, members }: SandboxView): string {
  if (members.length === 0) return 'ownPauseDead';
  return listed ? 'pauseDead' : 'unlisted';
}

function pinsLost(view: SandboxView, fact: PinsFact, endpoints: EndpointsFact): Finding[] {
  const lost = lostAnchorPins(view, fact.pins);
  if (lost.length === 0) return [];
  const pod = sandboxName(view.id, view.meta);
  const survivor = view.members[0]?.init;
  return [
    {
      messageId: 'pinsLost',
      subject: { kind: 'sandbox', id: view.id, name: pod },
      data: { pod, sandbox: view.id, types: lost.map(({ type }) => type).join(', ') },
      evidence: lost.map(({ path, isFile }) => ({
        fact: 'pins',
        at: path,
        value: isFile ? 'a file, no mount' : 'missing',
      })),
      advice: [
        survivor
          ? {
              title: 'Pin them again from a container that is in them',
              risk: 'disruptive',
              commands: lost.flatMap((pin) => pinAgain(pin, survivor.pid, fact)),
            }
          : {
              title: 'The namespaces are gone with them: take the pod down; kubelet makes it anew',
              risk: 'destructive',
              commands: [crictl(endpoints, 'stopp', view.id), crictl(endpoints, 'rmp', view.id)],
            },
      ],
    },
  ];
}

function pinAgain({ type, path, isFile }: LostPin, pid: number, fact: PinsFact): string[][] {
  return [
    ...(isFile ? [] : [amongPins(fact, 'touch', path)]),
    amongPins(fact, 'mount', '--bind', `/proc/${pid}/ns/${type}`, path),
  ];
}
