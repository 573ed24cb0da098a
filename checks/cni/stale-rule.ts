import {
  type CniRules,
  cniScope,
  completeValue,
  defineCheck,
  type Finding,
  type FirewallFact,
  holdersOf,
  isOldFile,
  isOwned,
  isProblem,
  isSandboxId,
  ownersOf,
  podIpam,
  poolHas,
  portTakenBy,
  portText,
  ruleCommands,
  rulesKey,
  sameAddress,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/stale-rule',
    title: "Every firewall rule of CNI's belongs to a sandbox",
    failureTitle: 'Firewall rules of CNI outlived their sandboxes',
    why: 'portmap removes the rules of a hostPort only when the sandbox is taken down properly. A rule that stays sends connections to an address that nobody has, or that another pod has by now; it stands before the rule of the next pod with that port.',
    proof:
      'A rule that portmap, bridge or ptp wrote for a sandbox (its id is in the comment) of a network of this runtime, seen twice. The id is in no list, store or bundle, and no process, CNI plugin or inhabited namespace belongs to it.',
    neverReports: [
      'rules of podman, nerdctl or Docker, and of networks of another runtime',
      'rules of sandboxes that are stopped but listed: they go with them',
      'a sandbox that is being made or taken down while we look',
      'chains whose comment names no sandbox',
    ],
    severity: 'warning',
    tags: ['cni'],
    needs: ['firewall', 'sandboxes', 'processes', 'pins', 'host', 'endpoints'],
    wants: [
      'runtime',
      'containers',
      'store',
      'bundles',
      'ownSandboxes',
      'daemons',
      'reservations',
      'cniCache',
      'cniConf',
    ],
    messages: {
      shadows:
        'port {{port}} of the node leads to {{address}} of {{container}}, which is gone, before the rule for {{other}} is asked',
      misleads:
        'port {{port}} of the node leads to {{address}}, which was of {{container}}, now gone, and is of {{other}} by now',
      stale: 'port {{port}} of the node leads to {{address}} of {{container}}, which is gone',
      masquerade:
        'rules that masquerade {{address}} are left of {{container}}, which is gone; they do no harm',
    },
    references: [
      'https://github.com/containernetworking/plugins/issues/683',
      'https://github.com/cilium/cilium/issues/18227',
    ],
  },
  run(facts, { minAgeMs }) {
    const { host } = facts;
    const rules = facts.firewall.rules.filter((one) => one.confirmed);
    const owners = ownersOf(facts);
    if (isProblem(owners)) return { findings: [], problems: rules.length > 0 ? [owners] : [] };
    const scope = cniScope(facts, owners);
    const conf = completeValue(facts.cniConf);
    const ipam = conf ? podIpam(conf) : null;
    const reservations = completeValue(facts.reservations)?.reservations ?? [];
    const entries = completeValue(facts.cniCache)?.entries ?? [];
    const isYoung = (id: string) =>
      [...reservations, ...entries].some(
        (one) => one.containerId === id && !isOldFile(host, one.mtime, minAgeMs),
      );
    const isOfPods = ({ network, containerId, address }: CniRules) =>
      network === ''
        ? ipam !== null && scope.hasAttachment(ipam.network, containerId) && poolHas(ipam.ranges, address)
        : scope.hasAttachment(network, containerId);
    const isStale = (one: CniRules) =>
      isSandboxId(one.containerId) &&
      !isOwned(owners, one.containerId) &&
      isOfPods(one) &&
      !isYoung(one.containerId);
    const holders = holdersOf(reservations, entries, (id) => isOwned(owners, id));
    const live = rules.filter((one) => isOwned(owners, one.containerId));
    const findings = rules.flatMap((one, at) =>
      isStale(one)
        ? [
            finding(
              one,
              facts.firewall,
              live.find((later) => rules.indexOf(later) > at && portTakenBy(one, later)),
              holders.get(sameAddress(one.address)),
            ),
          ]
        : [],
    );
    return { findings, problems: scope.problems };
  },
});

function finding(
  one: CniRules,
  firewall: FirewallFact,
  later: CniRules | undefined,
  holder: string | undefined,
): Finding {
  const { backend, family, purpose, chain, network, containerId, address, ports } = one;
  const isPort = purpose === 'ports' && ports.length > 0;
  const messageId = !isPort
    ? 'masquerade'
    : later
      ? 'shadows'
      : holder !== undefined && one.reached
        ? 'misleads'
        : 'stale';
  const port = later ? portTakenBy(one, later) : ports[0];
  const taken = port ? portText(port) : '';
  return {
    messageId,
    severity: ({ shadows: 'error', misleads: 'error', stale: 'warning', masquerade: 'info' } as const)[
      messageId
    ],
    subject: { kind: 'rule', id: rulesKey(one), name: isPort ? taken : address },
    data: {
      backend,
      family,
      chain,
      network,
      container: containerId,
      address,
      port: taken,
      other: (later?.containerId ?? holder ?? '').slice(0, 13),
    },
    evidence: [
      {
        fact: 'firewall',
        at: `${backend} ${chain}`,
        value: `${ports.map(portText).join(', ') || address} for ${containerId.slice(0, 13)}`,
      },
      ...(later
        ? [
            {
              fact: 'firewall' as const,
              at: `${backend} ${later.chain}`,
              value: `${taken} for ${later.containerId.slice(0, 13)}`,
            },
          ]
        : []),
    ],
    advice: [
      { title: 'Remove the rules', risk: 'safe', commands: ruleCommands(programOf(one, firewall), one) },
    ],
  };
}

/** By its name alone: where it lies is seldom of interest to people. */
function programOf({ backend, family }: CniRules, { read }: FirewallFact): string {
  const shown = read.find((one) => one.backend === backend && one.family === family)?.program;
  if (backend === 'nftables') return 'nft';
  return shown === undefined ? backend : shown.slice(shown.lastIndexOf('/') + 1).replace(/-save$/, '');
}
