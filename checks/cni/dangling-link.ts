import {
  type CniCacheFact,
  type CniConfFact,
  completeValue,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HostVeth,
  hostVeths,
  type LeakedPin,
  leakedPins,
  nsLink,
  podAddresses,
  podctlGc,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/dangling-link',
    title: 'Every veth of the pod network leads into a sandbox',
    failureTitle: 'Links of the pod network lead to sandboxes that are gone',
    why: 'The kernel removes both ends with the namespace, so such a link means that a leaked namespace is still connected: its address answers, and the pod that gets the address next cannot be reached.',
    proof:
      'A veth of the node, in the bridge of a CNI configuration or named by a cached CNI result, whose other end was seen in a pinned namespace that no process is in and no sandbox, record or CNI plugin uses, and which is older than --min-age.',
    neverReports: [
      'links of Docker, podman, LXC or virtual machines, and of namespaces with names of their own',
      'links whose other end is on the node itself, or in a namespace that cannot be seen or that a process is in',
      'links of sandboxes that are stopped but listed',
      'a sandbox that is being made or taken down while we look',
    ],
    severity: 'warning',
    tags: ['orphan', 'cni'],
    needs: ['networks', 'pins', 'processes', 'host', 'sandboxes', 'endpoints'],
    wants: ['runtime', 'store', 'bundles', 'ownSandboxes', 'cniConf', 'cniCache'],
    messages: {
      dangling: '{{name}}{{place}} leads into {{path}}, which no process, sandbox or record uses{{holding}}',
    },
    references: ['https://github.com/projectcalico/calico/issues/6356'],
  },
  run(facts, { minAgeMs }) {
    const { networks, endpoints } = facts;
    if (networks.host.seen === null) return { findings: [], problems: [HIDDEN] };
    const leaked = leakedPins(facts, minAgeMs);
    if (!Array.isArray(leaked)) return { findings: [], problems: [leaked] };
    const known = podLinks(completeValue(facts.cniConf), completeValue(facts.cniCache));
    const old = new Map(leaked.filter((one) => one.isOld).map((one) => [one.pin.ns, one]));
    return hostVeths(networks).flatMap((veth) => {
      const pin = old.get(veth.peer.ns);
      return pin && (known.has(veth.bridge) || known.has(veth.link.name))
        ? [finding(veth, pin, endpoints)]
        : [];
    });
  },
});

const HIDDEN = { code: 'unavailable', message: "the node's own links cannot be seen" } as const;

/** Names of bridges that a CNI configuration uses, and of links that a cached result names. */
function podLinks(conf: CniConfFact | undefined, cache: CniCacheFact | undefined): Set<string> {
  return new Set([
    ...(conf?.files ?? []).flatMap((f) => f.plugins.flatMap(({ bridge }) => bridge || [])),
    ...(cache?.entries ?? []).flatMap((e) => e.hostLinks),
  ]);
}

function finding(
  { link, bridge, peer }: HostVeth,
  { pin, attachments }: LeakedPin,
  endpoints: EndpointsFact,
): Finding {
  const addresses = podAddresses(peer);
  return {
    messageId: 'dangling',
    subject: { kind: 'link', id: link.name },
    data: {
      name: link.name,
      index: link.index,
      mac: link.mac,
      peerIndex: link.peerIndex,
      bridge,
      path: pin.path,
      place: bridge === '' ? '' : ` in ${bridge}`,
      holding: addresses.length > 0 ? `; it holds ${addresses.join(', ')}` : '',
    },
    evidence: [
      {
        fact: 'networks',
        at: `/sys/class/net/${link.name}`,
        value: `index ${link.index}, other end ${link.peerIndex}${link.up ? ', up' : ''}`,
      },
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
    advice: [
      { title: 'Remove the link', risk: 'safe', commands: [podctlGc(endpoints, 'links')] },
      { title: 'Remove it by hand', risk: 'disruptive', commands: [['ip', 'link', 'delete', link.name]] },
    ],
  };
}
