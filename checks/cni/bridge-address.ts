import {
  defineCheck,
  type Finding,
  gatewayOf,
  type NetworksFact,
  parseAddress,
  podIpam,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/bridge-address',
    title: "The bridge of the pod network has the gateway's address",
    failureTitle: 'The bridge of the pod network kept an old address',
    why: 'After a change of the pod network, or when the node joined anew, the bridge keeps the address of the old range. The bridge plugin then refuses every new pod: "already has an IP address different from".',
    proof:
      'The bridge that the configuration of the pod network gives a gateway to has IPv4 addresses, and none of them is the gateway of any of its ranges, with the prefix of its subnet.',
    neverReports: [
      'a bridge that is not there yet, or that has no address yet: the plugin gives it one',
      'a bridge with further addresses beside that of the gateway',
      'networks whose bridge gets no address, or with forceAddress, by which the plugin replaces it',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['networks', 'cniConf', 'runtime', 'host'],
    messages: {
      unused: '{{bridge}} has {{has}}, but {{network}} wants {{wants}}: no new pod starts; no pod is on it',
      used: '{{bridge}} has {{has}}, but {{network}} wants {{wants}}: no new pod starts; {{ports}} links are on it',
    },
    explains: [{ check: 'canary/*', same: 'network' }],
    references: [
      'https://github.com/containernetworking/cni/issues/273',
      'https://github.com/containernetworking/plugins/issues/369',
    ],
  },
  run({ networks, cniConf, host }) {
    const ipam = podIpam(cniConf);
    const file = cniConf.files.find((f) => f.name === ipam?.network);
    const plugin = file?.plugins.find(({ does }) => does?.gateway && !does.forceAddress);
    if (!ipam || !file || !plugin?.bridge)
      return {
        findings: [],
        problems: [],
        skipped: 'the pod network has no bridge with an address of its own',
      };
    const link = networks.host.seen?.links.find((l) => l.name === plugin.bridge && l.kind === 'bridge');
    if (networks.host.seen === null)
      return {
        findings: [],
        problems: [{ code: 'unavailable', message: "the node's own links cannot be seen" }],
      };
    const gateways = ipam.ranges.flatMap((range) => {
      const gateway = gatewayOf(range);
      return gateway?.bits === 32 ? [gateway] : [];
    });
    const has = networks.host.seen.addresses.filter(
      ({ link: of, address }) => of === link?.index && isFour(address),
    );
    const fits = has.some(({ address, prefix }) =>
      gateways.some((g) => g.prefix === prefix && g.value === parseAddress(address)?.value),
    );
    if (!link || has.length === 0 || gateways.length === 0 || fits) return [];
    const wants = gateways.map(({ value, prefix }) => `${fourText(value)}/${prefix}`);
    return [
      finding(link, has, { wants, network: ipam.network, file: file.path, networks, node: host.hostname }),
    ];
  },
});

type Link = NonNullable<NetworksFact['host']['seen']>['links'][number];

interface Place {
  wants: string[];
  network: string;
  file: string;
  networks: NetworksFact;
  node: string;
}

function finding(link: Link, has: { address: string; prefix: number }[], place: Place): Finding {
  const { wants, network, file, networks, node } = place;
  const ports = networks.host.seen?.links.filter((l) => l.master === link.index) ?? [];
  const addresses = has.map(({ address, prefix }) => `${address}/${prefix}`).join(', ');
  return {
    messageId: ports.length === 0 ? 'unused' : 'used',
    subject: { kind: 'link', id: link.name },
    data: {
      bridge: link.name,
      index: link.index,
      mac: link.mac,
      peerIndex: link.peerIndex,
      network,
      has: addresses,
      wants: wants.join(' or '),
      ports: ports.length,
    },
    evidence: [
      { fact: 'networks', at: `/sys/class/net/${link.name}`, value: addresses },
      { fact: 'cniConf', at: file, value: `gateway ${wants.join(', ')}` },
    ],
    advice: [
      ports.length === 0
        ? {
            title: 'Remove the bridge: the next pod makes it anew',
            risk: 'safe',
            commands: [['ip', 'link', 'delete', 'dev', link.name]],
          }
        : {
            title: 'Drain the node, end its pods, and remove the bridge: the next pod makes it anew',
            risk: 'destructive',
            commands: [
              ['kubectl', 'drain', node, '--ignore-daemonsets'],
              ['ip', 'link', 'delete', 'dev', link.name],
            ],
          },
    ],
  };
}

function isFour(address: string): boolean {
  return parseAddress(address)?.bits === 32;
}

function fourText(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}
