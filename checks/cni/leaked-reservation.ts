import {
  type CniCacheFact,
  type CniConfFact,
  completeValue,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HostFact,
  isProblem,
  leakedReservations,
  podctlGc,
  type Reservation,
} from '../../src/api.ts';

/** They end DEL at once where the namespace is gone, before host-local is asked to free the address. */
const KEEPERS = new Set(['host-device', 'sriov']);

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
      alone:
        '{{address}} of {{network}} is reserved for {{container}}, of which nothing else is left, as after a start that failed and was not cleaned up',
      kept: '{{address}} of {{network}} is still reserved for {{container}}, which is gone: {{plugin}} frees none once the namespace is gone{{since}}',
      nameless:
        '{{address}} of {{network}} is reserved by an empty file, so that nothing ever frees it{{since}}',
    },
    explains: [{ check: 'cni/addresses-exhausted', same: 'network' }],
    references: [
      'https://github.com/containernetworking/plugins/issues/252',
      'https://github.com/containernetworking/plugins/issues/1196',
      'https://github.com/containerd/containerd/issues/5768',
    ],
  },
  run(facts, { minAgeMs }) {
    const found = leakedReservations(facts, minAgeMs);
    if (isProblem(found)) return { findings: [], problems: [found] };
    const { leaked, problems } = found;
    const seen = {
      host: facts.host,
      endpoints: facts.endpoints,
      cache: completeValue(facts.cniCache),
      conf: completeValue(facts.cniConf),
    };
    return { findings: leaked.map((r) => finding(r, seen)), problems };
  },
});

interface Seen {
  host: HostFact;
  endpoints: EndpointsFact;
  cache: CniCacheFact | undefined;
  conf: CniConfFact | undefined;
}

function finding(r: Reservation, { host, endpoints, cache, conf }: Seen): Finding {
  const container = r.containerId ?? '';
  const beforeBoot = r.mtime < host.bootTime;
  const entries = cache?.entries.filter((e) => e.containerId === container && e.network === r.network) ?? [];
  const keeper = keeperOf(r, cache, conf);
  const isAlone = cache !== undefined && entries.length === 0 && !beforeBoot;
  const place = { address: r.address ?? '', network: r.network, container, path: r.path, folder: r.folder };
  return {
    messageId: container === '' ? 'nameless' : keeper !== '' ? 'kept' : isAlone ? 'alone' : 'leaked',
    subject: { kind: 'reservation', id: r.path, name: `${r.network} ${r.address}` },
    data: { ...place, plugin: keeper, beforeBoot, since: beforeBoot ? ', from before the last boot' : '' },
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

/** The plugin of its network that does not free addresses of namespaces that are gone; '' for none. */
function keeperOf(
  { network }: Reservation,
  cache: CniCacheFact | undefined,
  conf: CniConfFact | undefined,
): string {
  const configured = conf?.files.find((f) => f.name === network)?.plugins.map(({ type }) => type) ?? [];
  const stored = (cache?.configs ?? []).flatMap((one) =>
    one.network === network ? one.plugins.map(({ type }) => type) : [],
  );
  return [...configured, ...stored].find((type) => KEEPERS.has(type)) ?? '';
}
