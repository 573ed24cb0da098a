import {
  amongPins,
  completeValue,
  defineCheck,
  type Finding,
  type Pin,
  type PinsFact,
  pinsByPath,
  recordedPin,
  type SandboxView,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'netns/pin-stacked',
    title: "Nothing is mounted over the pins of the sandboxes' network namespaces",
    failureTitle: 'Pins of network namespaces cannot be removed: something is mounted over them',
    why: 'The runtime unmounts a pin once and then removes its file. Where another mount is left, the file is busy: the pod hangs in Terminating, and its address shows in the listing though nobody has it.',
    proof:
      "More than one mount on the path that the runtime recorded for a sandbox, in the runtime's own mount namespace; or a mount over the folder of the pins that hides one, and that the kernel does not unmount together with it.",
    neverReports: [
      'copies of a pin in mount namespaces of other pods: the kernel takes them away with the file',
      'as a fault, a folder that podman mounted on itself where mounts are shared: both copies go together',
      "pins that are an operator's, or of no sandbox",
    ],
    severity: 'warning',
    tags: ['namespace'],
    needs: ['pins', 'processes', 'endpoints'],
    wants: ['sandboxes', 'store', 'bundles'],
    messages: {
      stacked:
        '{{pod}} cannot be taken down at once: {{mounts}} mounts are stacked on its network pin {{path}}',
      covered: '{{pods}} cannot be taken down: a mount over {{path}} hides where the network is pinned',
      selfBound:
        '{{path}} is mounted on itself, as podman does: harmless here, because no pin of a sandbox is hidden by it',
    },
    references: [
      'https://github.com/containers/podman/issues/24024',
      'https://github.com/containerd/containerd/issues/3667',
    ],
  },
  run(facts) {
    const { pins } = facts;
    const known = completeValue(facts.sandboxes) !== undefined;
    const held = pinsByPath(pins.pins);
    const pinned = sandboxViews(facts)
      .filter((view) => !known || view.listed !== null)
      .flatMap((view) => {
        const pin = held.get(recordedPin(view) ?? '');
        return pin ? [{ view, pin }] : [];
      });
    const covers = (pins.covers ?? []).flatMap((cover) => coverFinding(cover, pinned, pins));
    return [...covers, ...pinned.filter(({ pin }) => pin.stacked).map((one) => stacked(one, pins))];
  },
});

interface Pinned {
  view: SandboxView;
  pin: Pin;
}

function stacked({ view, pin }: Pinned, pins: PinsFact): Finding {
  const { path, stacked: extra = 0 } = pin;
  const pod = sandboxName(view.id, view.meta);
  return {
    messageId: 'stacked',
    subject: { kind: 'sandbox', id: view.id, name: pod },
    data: { pod, path, mounts: extra + 1, sandbox: view.id },
    evidence: [
      { fact: 'pins', at: `/proc/${pins.seenBy.pid}/mountinfo`, value: `${extra + 1} lines for ${path}` },
    ],
    advice: [
      {
        title: 'Take the upper mounts away; the lowest one goes on pinning',
        risk: 'disruptive',
        commands: Array.from({ length: extra }, () => amongPins(pins, 'umount', path)),
      },
    ],
  };
}

function coverFinding(
  { path, self }: { path: string; self: boolean },
  pinned: readonly Pinned[],
  pins: PinsFact,
): Finding[] {
  const below = pinned.filter(({ pin }) => pin.path.startsWith(`${path}/`));
  const hidden = below.filter(({ pin }) => pin.hidden);
  if (hidden.length === 0 && !self) return [];
  const subject = { kind: 'file', id: path } as const;
  const at = `/proc/${pins.seenBy.pid}/mountinfo`;
  const cover = { fact: 'pins', at, value: `${path} is a mount point${self ? ' of itself' : ''}` } as const;
  if (hidden.length === 0)
    return [{ messageId: 'selfBound', severity: 'info', subject, data: { path }, evidence: [cover] }];
  const [first] = hidden;
  const name = first ? sandboxName(first.view.id, first.view.meta) : '';
  // What was pinned after the mount came is pinned on it alone, and goes with it.
  const onTop = below.filter(({ pin, view }) => !pin.hidden && pin.ns !== null && view.pause);
  return [
    {
      messageId: 'covered',
      severity: 'error',
      subject,
      data: { path, pods: hidden.length === 1 ? name : `${hidden.length} pods` },
      evidence: [
        cover,
        ...hidden.map(({ pin, view }) => ({
          fact: 'pins' as const,
          at: pin.path,
          value: `below it; pin of ${sandboxName(view.id, view.meta)}`,
        })),
      ],
      advice: [
        {
          title: 'Take the mount away, and pin again what is pinned on it alone',
          risk: 'disruptive',
          commands: [
            amongPins(pins, 'umount', '-l', path),
            ...onTop.map(({ pin, view }) =>
              amongPins(pins, 'mount', '--bind', `/proc/${view.pause?.pid}/ns/net`, pin.path),
            ),
          ],
        },
      ],
    },
  ];
}
