import {
  type CniCacheEntry,
  clockWasSet,
  cniScope,
  completeValue,
  defineCheck,
  type EndpointsFact,
  type Finding,
  initProcesses,
  isOldFile,
  isOwned,
  isProblem,
  isSandboxId,
  keyOf,
  ownersOf,
  podctlGc,
  problem,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/cache-orphaned',
    title: 'Every cached CNI result belongs to a sandbox',
    failureTitle: 'Cached CNI results outlived their sandboxes',
    why: 'The cache tells what a sandbox is attached to. Entries of sandboxes that are gone mean that their network was never taken down: an address or a rule may be held, too. They are the evidence by which it can still be done.',
    proof:
      "A file of libcni's cache, older than --min-age, of a network of this runtime or podctl, whose id is in no list, store or bundle, and that no process, CNI plugin or inhabited namespace belongs to.",
    neverReports: [
      'entries of other programs: podman, nerdctl, or another runtime on the node',
      'entries of sandboxes that are stopped but listed, whose network is taken down by them',
      'a sandbox that is being made: its entry is young, or its time lies in the future',
    ],
    severity: 'info',
    tags: ['orphan', 'cni'],
    needs: ['cniCache', 'sandboxes', 'processes', 'pins', 'host', 'endpoints'],
    wants: [
      'runtime',
      'containers',
      'store',
      'bundles',
      'ownSandboxes',
      'daemons',
      'reservations',
      'cniConf',
    ],
    messages: {
      orphaned:
        'the cached result of {{container}} in {{network}} is left, but nothing on this node owns it{{since}}',
    },
    references: ['https://github.com/containernetworking/cni/issues/1055'],
  },
  run(facts, { minAgeMs }) {
    const { cniCache, processes, host, endpoints } = facts;
    const owners = ownersOf(facts);
    if (isProblem(owners)) return { findings: [], problems: [owners] };
    const pauses = initProcesses(processes, completeValue(facts.bundles));
    if (clockWasSet(host, facts.sandboxes, (id) => pauses.get(id)))
      return {
        findings: [],
        problems: [problem('unavailable', 'the clock was set since boot: the age of files cannot be told')],
      };
    const scope = cniScope({ ...facts, cniCache: { status: 'complete', value: cniCache, ms: 0 } }, owners);
    const isOrphaned = (entry: CniCacheEntry) => {
      const id = keyOf(entry)?.containerId ?? '';
      return (
        entry.confirmed &&
        ['whole', 'empty', 'malformed'].includes(entry.state) &&
        isSandboxId(id) &&
        !isOwned(owners, id) &&
        isOldFile(host, entry.mtime, minAgeMs) &&
        scope.hasEntry(entry)
      );
    };
    const orphaned = cniCache.entries.filter(isOrphaned);
    return {
      findings: orphaned.map((entry) => finding(entry, entry.mtime < host.bootTime, endpoints)),
      problems: scope.problems,
    };
  },
});

function finding(entry: CniCacheEntry, beforeBoot: boolean, endpoints: EndpointsFact): Finding {
  const { path, state, netns, addresses } = entry;
  const { network = '', containerId: container = '', ifName = '' } = keyOf(entry) ?? {};
  return {
    messageId: 'orphaned',
    subject: { kind: 'file', id: path, name: `${network} ${container.slice(0, 13)}` },
    data: {
      path,
      network,
      container,
      ifName,
      beforeBoot,
      since: beforeBoot ? ', from before the last boot' : '',
    },
    evidence: [
      {
        fact: 'cniCache',
        at: path,
        value:
          state === 'whole'
            ? `${addresses.join(', ')} in ${netns === '' ? 'no named namespace' : netns}`
            : `${state}`,
      },
    ],
    advice: [
      {
        title: 'Take the attachment down, and the entry away',
        risk: 'safe',
        commands: [podctlGc(endpoints, 'ipam')],
      },
      { title: 'Remove the entry alone', risk: 'disruptive', commands: [['rm', path]] },
    ],
  };
}
