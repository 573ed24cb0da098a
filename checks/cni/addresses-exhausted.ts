import {
  defineCheck,
  type EndpointsFact,
  type Finding,
  isProblem,
  leakedReservations,
  optionOf,
  type Pool,
  podctlGc,
  podIpam,
  poolsOf,
} from '../../src/api.ts';

const OPTIONS = {
  nearlyFullPercent: {
    default: 90,
    min: 1,
    max: 100,
    describe: 'How much of a range, in percent, is held when it is nearly out of addresses',
  },
} as const;

export default defineCheck({
  meta: {
    id: 'cni/addresses-exhausted',
    title: 'The pod network has addresses left',
    failureTitle: 'The pod network has no addresses left',
    why: 'Without a free address no new pod gets a network: RunPodSandbox fails with "no IP addresses available in range set", which says neither how many are held nor by whom.',
    proof:
      'The ranges of host-local in the configuration of the pod network, against the addresses that have a file in its folder, whatever is in that file.',
    neverReports: [
      'networks without host-local, or whose ranges no configuration tells',
      'a range of which fewer than nine in ten addresses are held',
      "the gateway's address and those at both ends of an IPv4 network, which no pod ever gets",
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['reservations', 'cniConf', 'sandboxes', 'processes', 'pins', 'host', 'endpoints'],
    wants: ['runtime', 'containers', 'store', 'bundles', 'ownSandboxes', 'daemons', 'cniCache', 'networks'],
    options: OPTIONS,
    messages: {
      leaked:
        '{{network}} has no address left: {{held}} of {{size}} are reserved, {{leaked}} of them for nobody',
      inUse: '{{network}} has no address left: all {{size}} of {{ranges}} are in use',
      nearly: '{{network}} is nearly out of addresses: {{held}} of {{size}} are reserved{{nobody}}',
    },
    identity: ['ranges'],
    explains: [{ check: 'canary/*', same: 'network' }],
    references: [
      'https://github.com/containernetworking/plugins/issues/252',
      'https://github.com/kubernetes/kubernetes/issues/57280',
    ],
  },
  run(facts, settings) {
    const percent = BigInt(optionOf(settings, OPTIONS, 'nearlyFullPercent'));
    const { reservations, cniConf, endpoints } = facts;
    const ipam = podIpam(cniConf);
    if (ipam === null || ipam.ranges.length === 0)
      return {
        findings: [],
        problems: [],
        skipped: 'no range of host-local is configured for the pod network',
      };
    const held = reservations.reservations.filter((r) => r.folder === ipam.folder && r.address !== null);
    const pools = poolsOf(
      ipam.ranges,
      held.map((r) => r.address ?? ''),
    ).filter(({ size, held: count }) => size > 0n && BigInt(count) * 100n >= size * percent);
    if (pools.length === 0) return [];
    const found = leakedReservations(
      { ...facts, cniConf: { status: 'complete', value: cniConf, ms: 0 } },
      settings.minAgeMs,
    );
    const leaked = isProblem(found) ? 0 : found.leaked.filter((r) => r.folder === ipam.folder).length;
    return pools.map((pool) => finding(pool, { ...ipam, leaked, endpoints }));
  },
});

interface Place {
  network: string;
  folder: string;
  leaked: number;
  endpoints: EndpointsFact;
}

function finding({ size, held, ranges }: Pool, { network, folder, leaked, endpoints }: Place): Finding {
  const isFull = BigInt(held) >= size;
  const messageId = !isFull ? 'nearly' : leaked > 0 ? 'leaked' : 'inUse';
  const nobody = leaked > 0 ? `, ${leaked} of them for nobody` : '';
  return {
    messageId,
    severity:
      messageId === 'leaked' ? 'error' : messageId === 'inUse' ? 'warning' : leaked > 0 ? 'warning' : 'info',
    subject: { kind: 'reservation', id: folder, name: network },
    data: { network, held, size: String(size), leaked, ranges: ranges.join(', '), nobody },
    evidence: [
      { fact: 'cniConf', at: network, value: ranges.join(', ') },
      { fact: 'reservations', at: folder, value: `${held} addresses reserved` },
    ],
    advice:
      leaked > 0
        ? [{ title: 'Free those that nobody owns', risk: 'safe', commands: [podctlGc(endpoints, 'ipam')] }]
        : [{ title: 'Look at who holds them', risk: 'safe', commands: [['podctl', 'ps']] }],
  };
}
