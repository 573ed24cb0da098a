import {
  type Bundle,
  completeValue,
  defineCheck,
  type EndpointsFact,
  type Finding,
  isAlive,
  isOldFile,
  type Outcome,
  type PodCgroup,
  type PodOwnersFact,
  type Process,
  podctlGc,
  problem,
  type Sandbox,
  type StoreFact,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cgroup/leaked',
    title: 'Every pod cgroup belongs to a pod',
    failureTitle: 'Cgroups outlived their pods',
    why: "kubelet makes a pod's cgroup and removes it after the pod; the runtime leaves it alone. What stays is looked at again in every round of kubelet, and thousands of them slow the whole node.",
    proof:
      "A pod's cgroup, older than --min-age, without a process in any hierarchy, whose uid no listed sandbox, record, bundle, process or kubelet pod folder has.",
    neverReports: [
      'the cgroup of a pod that is being started or taken down: it is young, or kubelet still has its folder',
      'cgroups of QoS classes and of node services',
      'any cgroup while kubelet runs and its pod folders cannot be seen',
    ],
    severity: 'warning',
    tags: ['orphan', 'cgroup'],
    needs: ['cgroups', 'sandboxes', 'processes', 'podOwners', 'host', 'endpoints'],
    wants: ['runtime', 'store', 'bundles'],
    messages: {
      leaked: 'cgroup {{path}} is left of a pod that kubelet does not know',
      uncollected: 'cgroup {{path}} is left of a pod; no kubelet runs here that would remove it',
    },
    references: [
      'https://github.com/kubernetes/kubernetes/issues/112151',
      'https://github.com/opencontainers/runc/issues/4181',
    ],
  },
  run(facts, { minAgeMs }) {
    const { cgroups, podOwners, host, endpoints } = facts;
    const known = knownPods(facts);
    const isLeft = ({ uid, mtime, populated, confirmed, containers }: PodCgroup) =>
      confirmed &&
      populated === false &&
      isOldFile(host, mtime, minAgeMs) &&
      !known.uids.has(uid) &&
      !containers.some((id) => known.ids.has(id));
    const left = cgroups.filter(isLeft);
    const why = left.length > 0 ? obstacle(facts) : null;
    if (why !== null) return { findings: [], problems: [problem('unavailable', why)] };
    return left.map((cgroup) => finding(cgroup, podOwners, endpoints));
  },
});

interface Witnesses {
  sandboxes: Sandbox[];
  processes: Process[];
  podOwners: PodOwnersFact;
  runtime: Outcome<{ name: string }>;
  store: Outcome<StoreFact>;
  bundles: Outcome<Bundle[]>;
}

/** Why an owner may be out of sight; null where everybody was heard. */
function obstacle({ podOwners, runtime, store, bundles }: Witnesses): string | null {
  if (podOwners.kubelet !== 'none' && podOwners.folders === null)
    return "kubelet's pod folders cannot be seen: a pod may be missing from sight";
  const isContainerd = completeValue(runtime)?.name === 'containerd';
  if (isContainerd && completeValue(store) === undefined)
    return "containerd's own store cannot be read: a pod may be missing from sight";
  if (completeValue(runtime) && completeValue(bundles) === undefined)
    return "the runtime's folders cannot be read: a pod may be missing from sight";
  return null;
}

function knownPods({ sandboxes, processes, podOwners, store, bundles }: Witnesses) {
  const alive = processes.filter(isAlive);
  const records = completeValue(store)?.records ?? [];
  const dirs = completeValue(bundles) ?? [];
  const uids = new Set([
    ...sandboxes.map((s) => s.uid),
    ...alive.map((p) => p.podUid),
    ...records.map((r) => r.name?.split('_').at(-2)),
    ...dirs.map((b) => b.meta?.uid),
    ...(podOwners.folders ?? []).map((f) => f.uid),
    ...(podOwners.pods ?? []).flatMap((p) => [p.uid, p.staticUid]),
  ]);
  const ids = new Set([...sandboxes, ...records, ...dirs].map((one) => one.id));
  return { uids, ids };
}

function finding(
  { path, uid, hierarchies }: PodCgroup,
  { kubelet, folders }: PodOwnersFact,
  endpoints: EndpointsFact,
): Finding {
  const runs = kubelet === 'runs';
  return {
    messageId: runs ? 'leaked' : 'uncollected',
    severity: runs ? 'warning' : 'info',
    subject: { kind: 'cgroup', id: path },
    data: { path, uid, hierarchies: hierarchies.length },
    evidence: [
      ...hierarchies.map((point) => ({
        fact: 'cgroups' as const,
        at: `${point}${path}`,
        value: 'no process',
      })),
      {
        fact: 'podOwners',
        at: '/var/lib/kubelet/pods',
        value: folders === null ? 'no such folder' : `${folders.length} pods, none of uid ${uid}`,
      },
    ],
    advice: [{ title: 'Remove it, leaf first', risk: 'safe', commands: [podctlGc(endpoints, 'cgroups')] }],
  };
}
