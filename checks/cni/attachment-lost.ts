import {
  type AttachmentFault,
  attachmentFault,
  type CniCacheFact,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HostFact,
  isPlainPort,
  type NetworksFact,
  onNode,
  type PodAttachment,
  podAttachments,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

const CUT = '{{pod}} can neither be reached at {{addresses}} nor reach others';

export default defineCheck({
  meta: {
    id: 'cni/attachment-lost',
    title: 'Every pod has the network that CNI gave it',
    failureTitle: 'Pods lost a part of the network that CNI gave them',
    why: 'A runtime makes the network of a pod once, shows its address ever after, and never looks again. No list tells that nothing gets there.',
    proof:
      'The cached result of ADD for eth0 of a ready sandbox older than --min-age is compared with the links, addresses and routes in its network namespace, and with the other end of its veth on the node. Only what is missing or down counts; where several things are, the gravest is told.',
    neverReports: [
      'addresses, routes and links that were added, or put in place of those of the result (KubeVirt, VPNs, VRFs, bonds)',
      'interfaces of further networks (Multus), and networks whose configuration says disableCheck',
      'host ends that belong into no bridge (ptp, Calico, Cilium), or are in another bridge, VRF or bond',
      'IPv6 of a pod that has it switched off; sandboxes of gVisor and of virtual machines, which take the network out',
      'sandboxes that are stopped, or being made or taken down; hostNetwork; pods whose cached result is lost',
    ],
    severity: 'error',
    tags: ['cni', 'sandbox'],
    needs: ['sandboxes', 'networks', 'cniCache', 'pins', 'processes', 'host', 'endpoints'],
    wants: ['store', 'bundles', 'containers'],
    messages: {
      gone: `${CUT}: its {{interface}} is gone`,
      down: `${CUT}: its {{interface}} is down`,
      endDown: `${CUT}: {{link}}, the host end of its {{interface}}, is down`,
      unbridged: `${CUT}: {{link}}, the host end of its {{interface}}, is not in {{bridge}}`,
      addressLost: '{{pod}} cannot be reached at {{missing}}: {{interface}} has lost that address',
      routeLost:
        '{{pod}} reaches nobody beyond its own network, nor answers: it has lost the route to {{missing}}',
    },
    references: ['https://github.com/containernetworking/cni/blob/main/SPEC.md'],
  },
  run(facts, { minAgeMs }) {
    const { seen, problems } = podAttachments(sandboxViews(facts), facts, minAgeMs);
    const findings = seen.flatMap((one) => {
      const fault = attachmentFault(one);
      return fault === null ? [] : [finding(fault, one, facts)];
    });
    return { findings, problems };
  },
});

interface Scene {
  endpoints: EndpointsFact;
  host: HostFact;
  networks: NetworksFact;
  cniCache: CniCacheFact;
}

function finding(fault: AttachmentFault, one: PodAttachment, scene: Scene): Finding {
  const { view, entry, loss, bridge, bridgeLink } = one;
  const pod = sandboxName(view.id, view.meta);
  const missing = (fault === 'routeLost' ? loss.routes : loss.addresses).join(', ');
  const { name: link = '', index = 0, mac = '', peerIndex = 0 } = loss.end ?? {};
  const addresses = entry.addresses.join(', ');
  const isMendable = fault === 'endDown' || (fault === 'unbridged' && isPlainPort(one, scene.cniCache));
  const anew = 'Have it made anew, with a network of its own: no runtime mends one';
  return {
    messageId: fault,
    // A pod that may change its network can do without on purpose.
    severity: fault === 'routeLost' ? 'warning' : 'error',
    subject: { kind: 'sandbox', id: view.id, name: pod },
    data: {
      ...{ pod, addresses, missing, interface: entry.ifName, network: entry.network, isMendable },
      ...{ link, index, mac, peerIndex, bridge, bridgeIndex: bridgeLink?.index ?? 0 },
      ...{ bridgeMac: bridgeLink?.mac ?? '', bridgePeer: bridgeLink?.peerIndex ?? 0 },
    },
    evidence: [
      ...evidenceOf(fault, one),
      { fact: 'cniCache', at: entry.path, value: `${entry.ifName} with ${addresses || 'no address'}` },
    ],
    advice: [
      ...(isMendable
        ? [
            {
              title: 'Put that right',
              risk: 'safe' as const,
              commands: [onNode(scene, ...mending(fault, link, bridge))],
            },
          ]
        : []),
      { title: anew, risk: 'disruptive', commands: [crictl(scene.endpoints, 'stopp', view.id)] },
    ],
  };
}

/** What an operator would type to mend the host end of a veth. */
function mending(fault: AttachmentFault, link: string, bridge: string): string[] {
  const change = fault === 'endDown' ? ['up'] : ['master', bridge];
  return ['ip', 'link', 'set', 'dev', link, ...change];
}

function evidenceOf(fault: AttachmentFault, { entry, loss, at }: PodAttachment): Finding['evidence'] {
  const name = entry.ifName;
  const pid = /^\/proc\/(\d+)\/ns\/net$/.exec(at)?.[1];
  const enter = pid === undefined ? `nsenter --net=${at}` : `nsenter -t ${pid} -n`;
  const inside = (what: string, value: string) => [
    { fact: 'networks' as const, at: `${enter} ip ${what}`, value },
  ];
  switch (fault) {
    case 'gone':
      return inside('link', `no ${name}`);
    case 'down':
      return inside(`link show dev ${name}`, 'down');
    case 'endDown':
      return [{ fact: 'networks', at: `ip link show dev ${loss.end?.name}`, value: 'down' }];
    case 'unbridged':
      return [{ fact: 'networks', at: `ip link show dev ${loss.end?.name}`, value: 'no master' }];
    case 'addressLost':
      return inside('addr', `no ${loss.addresses.join(', ')}`);
    case 'routeLost':
      return inside('route', `no ${loss.routes.join(', ')}`);
  }
}
