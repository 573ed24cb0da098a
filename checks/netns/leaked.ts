import {
  defineCheck,
  type EndpointsFact,
  type Finding,
  gapOf,
  type LeakedPin,
  leakedPins,
  nsLink,
  podctlGc,
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
      'pins of another containerd on the node, or of another state folder of podctl',
      "a pin of the host's own namespace, as CRI-O makes for hostNetwork pods",
    ],
    severity: 'warning',
    tags: ['orphan', 'namespace', 'cni'],
    needs: ['pins', 'processes', 'host', 'endpoints'],
    wants: ['sandboxes', 'runtime', 'store', 'bundles', 'ownSandboxes', 'cniConf'],
    messages: {
      leaked: '{{path}} is pinned, but no process, sandbox or record uses it{{holding}}',
      undated:
        '{{path}} is pinned, and no process, sandbox or record uses it; it may be in the making: look again after a while',
    },
    explains: [
      { check: 'cni/dangling-link', same: 'path' },
      { check: 'cni/leaked-reservation', same: 'container' },
      { check: 'cni/cache-orphaned', same: 'container' },
    ],
    references: [
      'https://github.com/cri-o/cri-o/issues/3736',
      'https://github.com/kubernetes/kubernetes/issues/110938',
    ],
  },
  run(facts, { minAgeMs }) {
    const gap = gapOf(facts.ownSandboxes, facts.sandboxes);
    const leaked = leakedPins(facts, minAgeMs);
    if (!Array.isArray(leaked)) return { findings: [], problems: [leaked] };
    const findings = leaked
      .filter(({ isOld, attachments }) => isOld || attachments.length === 0)
      .map((one) => finding(one, facts.endpoints));
    return { problems: [], ...gap, findings };
  },
});

function finding({ pin, attachments, beside, isOld }: LeakedPin, endpoints: EndpointsFact): Finding {
  const holding =
    attachments.length > 0
      ? `; it holds ${attachments.map((a) => `an address of ${a.network}`).join(' and ')}`
      : '';
  return {
    messageId: isOld ? 'leaked' : 'undated',
    severity: isOld ? 'warning' : 'info',
    subject: { kind: 'netns', id: pin.path },
    data: { path: pin.path, holding, container: attachments[0]?.containerId ?? '' },
    evidence: [
      {
        fact: 'pins',
        at: pin.path,
        value: `${pin.ns === null ? '' : nsLink('net', pin.ns)}; no process, no sandbox`,
      },
      ...beside.map(({ path, type, ns }) => ({
        fact: 'pins' as const,
        at: path,
        value: `${ns === null ? '' : nsLink(type, ns)}; pinned together with it`,
      })),
      ...attachments.map((a) => ({
        fact: 'pins' as const,
        at: a.path,
        value: `attachment of ${a.containerId.slice(0, 13)}`,
      })),
    ],
    advice: isOld
      ? [
          {
            title: 'Take it away, with its interfaces and its address',
            risk: 'disruptive',
            commands: [podctlGc(endpoints, 'netns')],
          },
          {
            title: 'Take it away by hand; its interfaces go with it, a reserved address stays',
            risk: 'disruptive',
            commands: [pin, ...beside].flatMap(({ path }) => [
              ['umount', path],
              ['rm', path],
            ]),
          },
        ]
      : [],
  };
}
