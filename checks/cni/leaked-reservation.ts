import {
  type CniCacheFact,
  clockWasSet,
  cniScope,
  completeValue,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HostFact,
  inhabitedAddresses,
  initProcesses,
  isOldFile,
  isOwned,
  isProblem,
  isSandboxId,
  ownersOf,
  podctlGc,
  problem,
  type Reservation,
  sameAddress,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/leaked-reservation',
    title: 'Every reserved address belongs to a sandbox',
    failureTitle: 'Addresses stay reserved for sandboxes that are gone',
    why: 'host-local never forgets: an address is held until its sandbox is taken down properly, which a crash, a reboot or a failing plugin prevents. When all are held, no new pod gets a network.',
    proof:
      'A file of host-local, older than --min-age, in a network of this runtime or podctl. Its id is in no list, store or bundle, no process or CNI plugin names it, and no process is in a namespace that is pinned for it or that holds the address.',
    neverReports: [
      'networks of other programs: podman, nerdctl, Docker, or another runtime on the node',
      'sandboxes that are stopped but listed, which keep their address until they are removed',
      'a sandbox that is being made: its file is young, or its time lies in the future',
      'an address that something still uses, though not the one that it is reserved for',
      "host-local's own files: lock and last_reserved_ip",
    ],
    severity: 'warning',
    tags: ['orphan', 'cni'],
    needs: ['reservations', 'sandboxes', 'processes', 'pins', 'host', 'endpoints'],
    wants: [
      'runtime',
      'containers',
      'store',
      'bundles',
      'ownSandboxes',
      'daemons',
      'cniCache',
      'cniConf',
      'networks',
    ],
    messages: {
      leaked:
        '{{address}} of {{network}} is reserved for {{container}}, which nothing on this node owns{{since}}',
      nameless:
        '{{address}} of {{network}} is reserved by an empty file, so that nothing ever frees it{{since}}',
    },
    references: [
      'https://github.com/containernetworking/plugins/issues/252',
      'https://github.com/containerd/containerd/issues/5768',
    ],
  },
  run(facts, { minAgeMs }) {
    const { reservations, processes, host, endpoints } = facts;
    const owners = ownersOf(facts);
    if (isProblem(owners)) return { findings: [], problems: [owners] };
    const pauses = initProcesses(processes, completeValue(facts.bundles));
    if (clockWasSet(host, facts.sandboxes, (id) => pauses.get(id)))
      return {
        findings: [],
        problems: [problem('unavailable', 'the clock was set since boot: the age of files cannot be told')],
      };
    const reserved = { status: 'complete' as const, value: reservations, ms: 0 };
    const scope = cniScope({ ...facts, reservations: reserved }, owners);
    const used = inhabitedAddresses(processes, completeValue(facts.networks));
    const isLeaked = (r: Reservation) =>
      r.confirmed &&
      r.address !== null &&
      !used.has(sameAddress(r.address)) &&
      isOldFile(host, r.mtime, minAgeMs) &&
      scope.hasReservation(r) &&
      (r.state === 'empty' ||
        (r.state === 'whole' && isSandboxId(r.containerId ?? '') && !isOwned(owners, r.containerId ?? '')));
    const leaked = reservations.reservations.filter(isLeaked);
    const cache = completeValue(facts.cniCache);
    return { findings: leaked.map((r) => finding(r, host, endpoints, cache)), problems: scope.problems };
  },
});

function finding(
  r: Reservation,
  host: HostFact,
  endpoints: EndpointsFact,
  cache: CniCacheFact | undefined,
): Finding {
  const container = r.containerId ?? '';
  const beforeBoot = r.mtime < host.bootTime;
  const entries = cache?.entries.filter((e) => e.containerId === container && e.network === r.network) ?? [];
  const place = { address: r.address ?? '', network: r.network, container, path: r.path, folder: r.folder };
  return {
    messageId: container === '' ? 'nameless' : 'leaked',
    subject: { kind: 'reservation', id: r.path, name: `${r.network} ${r.address}` },
    data: { ...place, beforeBoot, since: beforeBoot ? ', from before the last boot' : '' },
    evidence: [
      {
        fact: 'reservations',
        at: r.path,
        value: `${container === '' ? 'empty' : container.slice(0, 13)}, since ${new Date(r.mtime).toISOString().slice(0, 16)}Z`,
      },
      ...entries.map((e) => ({
        fact: 'cniCache' as const,
        at: e.path,
        value: `its attachment, netns ${e.netns}`,
      })),
    ],
    advice: [
      { title: 'Free it', risk: 'safe', commands: [podctlGc(endpoints, 'ipam')] },
      {
        title: 'Free it by hand, under the lock of host-local',
        risk: 'disruptive',
        commands: [['flock', `${r.folder}/lock`, 'rm', r.path]],
      },
    ],
  };
}
