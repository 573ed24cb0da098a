import {
  ageOf,
  amongPins,
  defineCheck,
  type Finding,
  type HostFact,
  isOwn,
  nsLink,
  type PinsFact,
  pinsByPath,
  recordedPin,
  repairOwn,
  type SandboxView,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'netns/pin-lost',
    title: 'Every ready sandbox has its network namespace pinned',
    failureTitle: 'Sandboxes lost the pin of their network namespace',
    why: "The runtime finds the pod's network through the pin. Without it the sandbox loses its address in every listing, its network cannot be taken down properly, and only the pause process keeps the namespace alive.",
    proof:
      "The path that the runtime recorded for the sandbox is not mounted in the runtime's mount namespace, while its pause runs in the namespace.",
    neverReports: [
      'hostNetwork sandboxes of containerd, which have no pin',
      'sandboxes of CRI-O that have no pause: the pin is their anchor, which sandbox/anchor-lost tells of',
      "a pin that is hidden from our mount namespace: the runtime's is read",
      'sandboxes that are stopped, or being made or taken down while we look',
    ],
    severity: 'warning',
    tags: ['namespace'],
    needs: ['pins', 'processes', 'host', 'endpoints'],
    wants: ['sandboxes', 'store', 'bundles'],
    messages: {
      unmounted: '{{pod}} lost its network pin: {{path}} is there, but nothing is mounted on it',
      gone: '{{pod}} lost its network pin: {{path}} does not exist',
    },
    references: ['https://github.com/containernetworking/plugins/issues/69'],
  },
  run(facts, { minAgeMs }) {
    const { pins, host, sandboxes } = facts;
    const views = sandboxViews(facts);
    const known = sandboxes.status === 'complete';
    return views
      .filter((view) => (known || view.listed ? view.listed?.state === 'ready' : true))
      .filter((view) => isSettled(view, host, minAgeMs))
      .flatMap((view) => judge(view, pins));
  },
});

/** Old enough to have been pinned before we looked at pins, and still alive after that. */
function isSettled({ pause }: SandboxView, host: HostFact, minAgeMs: number): boolean {
  return pause !== null && ageOf(host, pause) >= minAgeMs;
}

function judge(view: SandboxView, fact: PinsFact): Finding[] {
  const path = recordedPin(view);
  if (path === null) return [];
  const pin = pinsByPath(fact.pins).get(path);
  if (pin && pin.ns !== null) return [];
  const pod = sandboxName(view.id, view.meta);
  const { pause } = view;
  return [
    {
      messageId: pin ? 'unmounted' : 'gone',
      subject: { kind: 'sandbox', id: view.id, name: pod },
      data: { pod, path, sandbox: view.id },
      evidence: [
        { fact: 'pins', at: path, value: pin ? 'a file, no mount' : 'missing' },
        ...(pause?.ns.net
          ? [
              {
                fact: 'processes' as const,
                at: `/proc/${pause.pid}/ns/net`,
                value: nsLink('net', pause.ns.net),
              },
            ]
          : []),
      ],
      advice: isOwn(view)
        ? [{ title: 'Pin it again from its pause', risk: 'safe', commands: [repairOwn(view)] }]
        : pause
          ? [
              {
                title: 'Pin it again from its pause',
                risk: 'disruptive',
                commands: [
                  ...(pin ? [] : [amongPins(fact, 'touch', path)]),
                  amongPins(fact, 'mount', '--bind', `/proc/${pause.pid}/ns/net`, path),
                ],
              },
            ]
          : [],
    },
  ];
}
