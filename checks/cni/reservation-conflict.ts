import {
  type AddressUse,
  ageOf,
  completeValue,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HostFact,
  podAddressUses,
  podIpam,
  type Reservation,
  sameAddress,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/reservation-conflict',
    title: 'Every pod address is reserved for its sandbox alone',
    failureTitle: 'Pod addresses are not reserved for the sandboxes that use them',
    why: 'When the reservations are deleted or changed by hand while pods run, host-local gives their addresses away again. Two pods with one address cannot be reached reliably, and the runtime shows both as ready.',
    proof:
      'An address inside the network namespace of a ready sandbox, in the ranges of the pod network (host-local), is in another such namespace too, or no reservation names this sandbox for it.',
    neverReports: [
      'networks without host-local, and addresses outside its ranges',
      'addresses that a pod has beside those that CNI gave it',
      'sandboxes that are stopped, and pods in the network of the host',
      'a sandbox that is being made: it is younger than --min-age',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['reservations', 'networks', 'cniConf', 'sandboxes', 'processes', 'host', 'endpoints'],
    wants: ['store', 'bundles', 'cniCache'],
    messages: {
      doubled: '{{pods}} have the same address {{address}}: traffic reaches one of them at random',
      unreserved: '{{address}} of {{pods}} is not reserved: the next pod on this node may get it, too',
      otherOwner:
        '{{address}} of {{pods}} is reserved for {{container}}: when that goes, another pod may get it',
    },
    references: [
      'https://github.com/projectcalico/calico/issues/13858',
      'https://github.com/aws/amazon-vpc-cni-k8s/issues/711',
    ],
  },
  run(facts, { minAgeMs }) {
    const { reservations, networks, cniConf, cniCache, host, endpoints } = facts;
    const ipam = podIpam(cniConf);
    if (ipam === null)
      return { findings: [], problems: [], skipped: 'the pod network does not use host-local' };
    const uses = podAddressUses(sandboxViews(facts), networks, ipam, completeValue(cniCache));
    const context = { folder: ipam.folder, network: ipam.network, host, endpoints, minAgeMs };
    const reserved = byAddress(reservations.reservations);
    return uses.flatMap((group) => judge(group, reserved, context));
  },
});

interface Context {
  folder: string;
  network: string;
  host: HostFact;
  endpoints: EndpointsFact;
  minAgeMs: number;
}

/** By the one spelling of their address: a node has as many reservations as pods. */
function byAddress(reservations: readonly Reservation[]): Map<string, Reservation[]> {
  const found = new Map<string, Reservation[]>();
  for (const one of reservations) {
    if (one.address === null) continue;
    const key = sameAddress(one.address);
    const group = found.get(key) ?? [];
    group.push(one);
    found.set(key, group);
  }
  return found;
}

function judge(
  group: AddressUse[],
  reserved: ReadonlyMap<string, Reservation[]>,
  context: Context,
): Finding[] {
  const [first] = group;
  if (first === undefined) return [];
  const holders = reserved.get(sameAddress(first.address)) ?? [];
  if (group.length > 1) return [finding('doubled', group, holders, context)];
  const { pause, id, listed } = first.view;
  const { host, minAgeMs } = context;
  const age = pause ? ageOf(host, pause) : host.now - (listed?.createdAt ?? host.now);
  const isYoung = age < minAgeMs;
  if (isYoung || holders.some((r) => r.containerId === id || !r.confirmed)) return [];
  const here = holders.filter((r) => r.folder === context.folder);
  return [finding(here.length > 0 ? 'otherOwner' : 'unreserved', group, here, context)];
}

function finding(
  messageId: string,
  group: AddressUse[],
  holders: Reservation[],
  { folder, network, endpoints }: Context,
): Finding {
  const byAge = group.toSorted((a, b) => (a.view.listed?.createdAt ?? 0) - (b.view.listed?.createdAt ?? 0));
  const address = group[0]?.address ?? '';
  const younger = byAge.at(-1)?.view.id ?? '';
  return {
    messageId,
    severity: messageId === 'doubled' ? 'error' : 'warning',
    subject: { kind: 'reservation', id: `${folder}/${address}` },
    data: {
      address,
      network,
      pods: byAge.map(({ view }) => sandboxName(view.id, view.meta)).join(' and '),
      ids: byAge.map(({ view }) => view.id).join(' '),
      container: holders[0]?.containerId?.slice(0, 13) ?? 'nobody',
    },
    evidence: [
      ...byAge.map(({ view, pod }) => ({
        fact: 'networks' as const,
        at: pod.path,
        value: `${address}; sandbox ${view.id.slice(0, 13)}`,
      })),
      {
        fact: 'reservations',
        at: `${folder}/${address}`,
        value:
          holders.length > 0
            ? `for ${holders.map((r) => r.containerId?.slice(0, 13) ?? 'nobody').join(', ')}`
            : 'missing',
      },
    ],
    advice: [
      {
        title:
          group.length > 1
            ? 'Have the younger one made anew, with an address of its own'
            : 'Have it made anew, with an address that is reserved',
        risk: 'disruptive',
        commands: [crictl(endpoints, 'stopp', younger)],
      },
    ],
  };
}
