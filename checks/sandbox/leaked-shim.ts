import {
  ageOf,
  type Bundle,
  completeValue,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HostFact,
  isAlive,
  type Outcome,
  type Process,
  podctlGc,
  problem,
  type StoreFact,
  type StoreRecord,
  sameRunPath,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/leaked-shim',
    title: 'Every shim serves a sandbox',
    failureTitle: 'Shims outlived their sandboxes',
    why: 'A shim without a sandbox is never ended, not even by a restart of containerd. Each keeps some ten threads and its memory; hundreds of them exhaust the process ids of the node.',
    proof:
      "A shim of this containerd in CRI's namespace, older than --min-age, that has no child; no bundle, record, listed sandbox or container has its id, and no process is in its cgroup.",
    neverReports: [
      'shims of other containerd namespaces, of Docker, or of another containerd on the node',
      'the shim of a sandbox whose pause died: it has children, or its sandbox is listed',
      'a shim that is starting: its bundle is there before it, or it is young',
    ],
    severity: 'warning',
    tags: ['orphan', 'sandbox'],
    needs: ['processes', 'sandboxes', 'containers', 'host', 'endpoints'],
    wants: ['runtime', 'store', 'storeContainers', 'bundles'],
    messages: {
      leaked: 'shim {{pid}} of {{sandbox}} serves nobody: no child, no bundle, and nothing lists its sandbox',
    },
    references: [
      'https://github.com/containerd/containerd/issues/12344',
      'https://github.com/containerd/containerd/issues/5015',
    ],
  },
  run(facts, { minAgeMs }) {
    const { processes, sandboxes, containers, host, endpoints } = facts;
    const runtime = completeValue(facts.runtime);
    if (runtime && runtime.name !== 'containerd')
      return { findings: [], problems: [], skipped: `${runtime.name} has no shims of containerd's` };
    const parents = new Set(processes.filter(isAlive).map((p) => p.ppid));
    const serves = new Set([
      ...sandboxes.map((s) => s.id),
      ...containers.map((c) => c.sandboxId),
      ...processes.filter(isAlive).flatMap((p) => [p.containerId, p.cni?.containerId ?? null]),
    ]);
    const idle = processes.filter(
      (p): p is Shim =>
        p.shim?.namespace === 'k8s.io' &&
        sameRunPath(p.shim.address, endpoints.chosen?.path ?? '') &&
        isAlive(p) &&
        !parents.has(p.pid) &&
        !serves.has(p.shim.id) &&
        ageOf(host, p) >= minAgeMs,
    );
    const known = recordedIds(facts);
    if (known === null && idle.length > 0) return { findings: [], problems: [UNSURE] };
    return idle.filter((p) => !known?.has(p.shim.id)).map((p) => finding(p, host, endpoints));
  },
});

type Shim = Process & { shim: NonNullable<Process['shim']> };

const UNSURE = problem(
  'unavailable',
  "containerd's own store or its bundles cannot be read: an owner may be missing from sight",
);

/** Ids that records and bundles are of, or belong to; null where some of them cannot be read. */
function recordedIds(facts: {
  store: Outcome<StoreFact>;
  storeContainers: Outcome<StoreRecord[]>;
  bundles: Outcome<Bundle[]>;
}): Set<string | null> | null {
  const store = completeValue(facts.store);
  const apps = completeValue(facts.storeContainers);
  const bundles = completeValue(facts.bundles);
  if (!store || !apps || !bundles) return null;
  const members = [...store.records, ...apps, ...bundles];
  return new Set([...members.flatMap((m) => [m.id, m.sandboxId]), ...(store.sandboxes ?? [])]);
}

function finding({ pid, startTicks, state, shim }: Shim, host: HostFact, endpoints: EndpointsFact): Finding {
  const age = Math.round((host.uptime - startTicks / host.ticksPerSecond) / 60);
  return {
    messageId: 'leaked',
    subject: { kind: 'shim', id: shim.id, name: `shim of ${shim.id.slice(0, 13)}` },
    data: { sandbox: shim.id.slice(0, 13), pid, startTicks, id: shim.id },
    evidence: [
      { fact: 'processes', at: `/proc/${pid}`, value: `state ${state}, no child, for ${age} min` },
      {
        fact: 'sandboxes',
        at: `sandbox ${shim.id.slice(0, 13)}`,
        value: 'not listed; no record in store; no bundle',
      },
    ],
    advice: [
      { title: 'End it', risk: 'safe', commands: [podctlGc(endpoints, 'shims')] },
      {
        title: 'End it by hand: it ignores other signals',
        risk: 'disruptive',
        commands: [['kill', '-9', String(pid)]],
      },
    ],
  };
}
