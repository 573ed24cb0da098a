import {
  completeValue,
  defineCheck,
  type Finding,
  gapOf,
  type HostFact,
  inhabitedNetns,
  nsLink,
  type Pin,
  type PinsFact,
  type Process,
  problem,
  runPath,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'netns/leaked',
    title: 'Every pinned network namespace belongs to a sandbox',
    failureTitle: 'Network namespaces outlived their sandboxes',
    why: 'A leaked network namespace keeps its interfaces, its address and kernel memory. Enough of them exhaust the address range, and then no new pod gets a network.',
    proof:
      "A pin with the runtime's own naming, or podctl's, whose namespace no live process is in, which no sandbox in the runtime's list and no record in its store names, for which no CNI plugin runs, and which is older than --min-age by its cached attachment or its folder.",
    neverReports: [
      "namespaces with other names: an operator's (ip netns add), a VPN's, Docker's, podman's",
      'pins of stopped sandboxes that the runtime still lists',
      'a sandbox that is being made or taken down while we look',
      "a pin of the host's own namespace, as CRI-O makes for hostNetwork pods",
    ],
    severity: 'warning',
    tags: ['orphan', 'namespace', 'cni'],
    needs: ['pins', 'processes', 'host'],
    wants: ['sandboxes', 'runtime', 'store', 'bundles', 'ownSandboxes'],
    messages: {
      leaked: '{{path}} is pinned, but no process, sandbox or record uses it{{holding}}',
      undated:
        '{{path}} is pinned, and no process, sandbox or record uses it; it may be in the making: look again after a while',
    },
    references: [
      'https://github.com/cri-o/cri-o/issues/3736',
      'https://github.com/kubernetes/kubernetes/issues/110938',
    ],
  },
  run({ pins, processes, host, runtime, sandboxes, store, bundles, ownSandboxes }, { minAgeMs }) {
    const name = completeValue(runtime)?.name;
    const isContainerd = name === 'containerd';
    const gap = gapOf(ownSandboxes, sandboxes);
    const own = completeValue(ownSandboxes);
    const schemes = [
      ...(name === undefined || gap ? [] : [isContainerd ? 'containerd' : 'crio']),
      ...(own ? ['podctl'] : []),
    ];
    const candidates = pins.pins.filter((pin) => pin.type === 'net' && schemes.includes(pin.scheme));
    const records = isContainerd ? completeValue(store) : undefined;
    const dirs = completeValue(bundles);
    const isOfRuntime = (pin: Pin) => pin.scheme !== 'podctl';
    if (candidates.some(isOfRuntime) && (isContainerd ? records : dirs) === undefined) {
      const why = isContainerd ? "containerd's own store cannot be read" : "CRI-O's folders cannot be read";
      return {
        findings: [],
        problems: [problem('unavailable', `${why}: an owner may be missing from sight`)],
      };
    }
    const ownerIds = new Set([
      ...(completeValue(sandboxes) ?? []).map((s) => s.id),
      ...(records?.records ?? []).map((r) => r.id),
      ...(records?.sandboxes ?? []),
    ]);
    const ownedPaths = new Set([
      ...(records?.records ?? []).map((r) => runPath(r.netnsPath ?? '')),
      ...(dirs ?? []).map((b) => runPath(b.namespaces?.net ?? '')),
      ...(own ?? []).filter((s) => s.phase !== 'unrecorded' || s.busy).map((s) => runPath(s.pins.net)),
    ]);
    const inhabited = inhabitedNetns(processes);
    const isLeaked = (pin: Pin) =>
      pin.confirmed &&
      pin.ns !== null &&
      !inhabited.has(pin.ns) &&
      pin.ns !== host.self.net &&
      pin.ns !== host.init.net &&
      !ownedPaths.has(runPath(pin.path)) &&
      !attachmentsOf(pins, pin).some((a) => ownerIds.has(a.containerId)) &&
      !isBeingMade(processes, pins, pin);
    const findings = candidates.filter(isLeaked).flatMap((pin) => judge(pin, pins, host, minAgeMs));
    return { problems: [], ...gap, findings };
  },
});

function attachmentsOf(pins: PinsFact, pin: Pin) {
  return pins.attachments.filter((a) => runPath(a.netns) === runPath(pin.path));
}

/** A CNI plugin that runs for it, found by what its environment names. */
function isBeingMade(processes: Process[], pins: PinsFact, pin: Pin): boolean {
  const ids = new Set(attachmentsOf(pins, pin).map((a) => a.containerId));
  return processes.some(
    ({ cni }) => cni && (runPath(cni.netns) === runPath(pin.path) || ids.has(cni.containerId)),
  );
}

/** A pin has no age of its own: it takes that of its attachment, else it is at most as young as its folder. */
function judge(pin: Pin, pins: PinsFact, host: HostFact, minAgeMs: number): Finding[] {
  const attachments = attachmentsOf(pins, pin);
  const dated = attachments.length > 0;
  const folder = pins.folders.find((f) => runPath(pin.path).startsWith(`${runPath(f.path)}/`));
  const born = dated ? Math.max(...attachments.map((a) => a.mtime)) : (folder?.mtime ?? host.now);
  const isOldEnough = host.now - born >= minAgeMs;
  if (dated && !isOldEnough) return [];
  const holding = dated
    ? `; it holds ${attachments.map((a) => `an address of ${a.network}`).join(' and ')}`
    : '';
  return [
    {
      messageId: isOldEnough ? 'leaked' : 'undated',
      severity: isOldEnough ? 'warning' : 'info',
      subject: { kind: 'netns', id: pin.path },
      data: { path: pin.path, holding },
      evidence: [
        {
          fact: 'pins',
          at: pin.path,
          value: `${pin.ns === null ? '' : nsLink('net', pin.ns)}; no process, no sandbox`,
        },
        ...attachments.map((a) => ({
          fact: 'pins' as const,
          at: a.path,
          value: `attachment of ${a.containerId.slice(0, 13)}`,
        })),
      ],
      advice: isOldEnough
        ? [
            {
              title: 'Take it away; its interfaces go with it, a reserved address stays',
              risk: 'disruptive',
              commands: [
                ['umount', pin.path],
                ['rm', pin.path],
              ],
            },
          ]
        : [],
    },
  ];
}
