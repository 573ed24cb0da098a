import {
  type Advice,
  ageOf,
  completeValue,
  ctr,
  defineCheck,
  type EndpointsFact,
  type Finding,
  gapOf,
  isForeign,
  isOwn,
  nsLink,
  podctlGc,
  type SandboxView,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/orphaned-pause',
    title: 'Every running pause belongs to a sandbox that the runtime manages',
    failureTitle: 'A pause runs that the runtime does not manage any more',
    why: 'The runtime has forgotten the sandbox or believes it dead, so nothing ever ends it: its processes, namespaces, address and shim stay until the node reboots.',
    proof:
      "A live pause, older than --min-age, under a shim of this runtime or with a bundle in its state folder, that the runtime's list does not name, or names as not ready. The list was read before the processes were.",
    neverReports: [
      'pauses of Docker, podman, Nomad, another containerd or another containerd namespace',
      'a sandbox that is being made: it is younger than --min-age',
    ],
    severity: 'warning',
    tags: ['orphan', 'sandbox'],
    needs: ['processes', 'host', 'endpoints'],
    wants: ['sandboxes', 'runtime', 'containers', 'store', 'bundles', 'ownSandboxes'],
    messages: {
      unlisted: 'pause {{pid}} of {{pod}} runs on, but the runtime does not list its sandbox{{members}}',
      believedDead:
        'pause {{pid}} of {{pod}} runs on, but the runtime lists its sandbox as not ready{{members}}',
      ownUnrecorded: 'pause {{pid}} of {{pod}} runs on, but podctl has no record of its sandbox{{members}}',
      ownStopped: 'pause {{pid}} of {{pod}} runs on, but its sandbox was stopped{{members}}',
    },
    references: ['https://github.com/containerd/containerd/issues/9459'],
  },
  run(facts, { minAgeMs }) {
    const { host } = facts;
    const known = completeValue(facts.runtime);
    const runtime = known?.name ?? '';
    const gap = gapOf(facts.ownSandboxes, facts.sandboxes);
    const views = sandboxViews(facts).filter((view) => gap === null || isOwn(view));
    const isOurs = (view: SandboxView) =>
      (view.shim !== null || view.bundle !== null || view.record !== null) &&
      !isForeign(view, facts.processes, facts.endpoints, known?.stateDir ?? null);
    const findings = views
      .filter((view) => view.listed?.state !== 'ready' && isOurs(view))
      .flatMap((view) =>
        view.pause && ageOf(host, view.pause) >= minAgeMs ? [finding(view, facts.endpoints, runtime)] : [],
      );
    return { problems: [], ...gap, findings };
  },
});

function finding(view: SandboxView, endpoints: EndpointsFact, runtime: string): Finding {
  const pod = sandboxName(view.id, view.meta);
  const { pause, shim, members } = view;
  return {
    messageId: messageOf(view),
    severity: members.length > 0 ? 'error' : 'warning',
    subject: { kind: 'sandbox', id: view.id, name: pod },
    data: {
      pod,
      sandbox: view.id,
      pid: pause?.pid ?? 0,
      startTicks: pause?.startTicks ?? 0,
      members:
        members.length > 0
          ? `, with ${members.length} running container${members.length > 1 ? 's' : ''}`
          : '',
    },
    evidence: [
      ...(pause
        ? [
            {
              fact: 'processes' as const,
              at: `/proc/${pause.pid}`,
              value: `${pause.comm}, ${pause.ns.net === null ? 'netns unreadable' : nsLink('net', pause.ns.net)}`,
            },
          ]
        : []),
      ...(shim ? [{ fact: 'processes' as const, at: `/proc/${shim.pid}`, value: 'its shim' }] : []),
      {
        fact: 'sandboxes',
        at: `sandbox ${view.id.slice(0, 13)}`,
        value: `${view.listed ? 'NOTREADY' : 'not listed'}; ${view.record ? 'record in store' : 'no record in store'}; ${view.bundle ? 'bundle' : 'no bundle'}`,
      },
    ],
    advice: adviceOf(view, endpoints, runtime),
  };
}

function messageOf(view: SandboxView): string {
  if (isOwn(view)) return view.listed ? 'ownStopped' : 'ownUnrecorded';
  return view.listed ? 'believedDead' : 'unlisted';
}

function adviceOf(view: SandboxView, endpoints: EndpointsFact, runtime: string): Advice[] {
  const title = 'End it and what it holds';
  const risk = 'destructive';
  if (isOwn(view) && view.listed)
    return [{ title, risk, commands: [['podctl', 'sandbox', 'rm', '-f', view.listed.name]] }];
  const commands =
    runtime === 'containerd' && !isOwn(view) ? containerdCommands(view, endpoints) : killCommands(view);
  return [
    { title, risk, commands: [podctlGc(endpoints, 'sandboxes')] },
    { title: `${title}, by hand`, risk, commands },
  ];
}

/** What containerd still has a task or record of is ended through it; the rest is killed by hand. */
function containerdCommands(view: SandboxView, endpoints: EndpointsFact): string[][] {
  const viaTask = [
    ctr(endpoints, 'tasks', 'kill', '-s', '9', view.id),
    ctr(endpoints, 'tasks', 'rm', view.id),
    ...(view.record ? [ctr(endpoints, 'containers', 'rm', view.id)] : []),
  ];
  const byHand = [
    ...killCommands(view),
    ['runc', '--root', '/run/containerd/runc/k8s.io', 'delete', '--force', view.id],
  ];
  return view.bundle ? viaTask : byHand;
}

function killCommands({ pause, shim }: SandboxView): string[][] {
  return [pause, shim].flatMap((process) => (process ? [['kill', '-9', String(process.pid)]] : []));
}
