import {
  defineCheck,
  type EndpointsFact,
  type Finding,
  isOldFile,
  knownPods,
  listedRoots,
  obstacleToPods,
  type PodCgroup,
  type PodOwnersFact,
  type Problem,
  podctlGc,
  podRoot,
  problem,
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
      'where no kubelet is: folders of pods in which this runtime has none that runs',
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
    // Where no kubelet is, a folder of pods may be another runtime's.
    const roots = podOwners.kubelet === 'none' ? listedRoots(facts.sandboxes, facts.processes) : null;
    const isLeft = ({ path, uid, mtime, populated, confirmed, containers }: PodCgroup) =>
      confirmed &&
      populated !== true &&
      isOldFile(host, mtime, minAgeMs) &&
      !known.uids.has(uid) &&
      !containers.some((id) => known.ids.has(id)) &&
      (roots === null || roots.has(podRoot(path)));
    const left = cgroups.filter(isLeft);
    const why = left.length > 0 ? obstacleToPods(facts) : null;
    if (why !== null) return { findings: [], problems: [problem('unavailable', why)] };
    return {
      findings: left.filter((c) => c.populated === false).map((c) => finding(c, podOwners, endpoints)),
      problems: left.filter((c) => c.populated === null).map(({ path }) => unread(path)),
    };
  },
});

function unread(path: string): Problem {
  return problem('unavailable', `whether a process is in cgroup ${path} could not be read`, path);
}

function finding(
  { path, uid, hierarchies }: PodCgroup,
  { kubelet, folders }: PodOwnersFact,
  endpoints: EndpointsFact,
): Finding {
  const runs = kubelet === 'runs';
  const places = hierarchies.map((point) => `${point}${path}`);
  const others = places.length > 1 ? `, nor in ${places.length - 1} more hierarchies` : '';
  return {
    messageId: runs ? 'leaked' : 'uncollected',
    severity: runs ? 'warning' : 'info',
    subject: { kind: 'cgroup', id: path },
    data: { path, uid, hierarchies: hierarchies.length },
    evidence: [
      { fact: 'cgroups', at: places[0] ?? path, value: `no process${others}` },
      {
        fact: 'podOwners',
        at: '/var/lib/kubelet/pods',
        value: folders === null ? 'no such folder' : `${folders.length} pods, none of uid ${uid}`,
      },
    ],
    advice: [
      { title: 'Remove it, leaf first', risk: 'safe', commands: [podctlGc(endpoints, 'cgroups')] },
      {
        title: 'Remove it by hand',
        risk: 'disruptive',
        commands: [['find', ...places, '-depth', '-type', 'd', '-delete']],
      },
    ],
  };
}
