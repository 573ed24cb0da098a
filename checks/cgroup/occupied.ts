import {
  ageOf,
  byPid,
  defineCheck,
  type EndpointsFact,
  type Finding,
  isAlive,
  isOldFile,
  knownPods,
  listedRoots,
  obstacleToPods,
  type PodCgroup,
  type Process,
  podctlGc,
  podRoot,
  problem,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cgroup/occupied',
    title: 'No process runs in the cgroup of a pod that is gone',
    failureTitle: 'Processes outlived their pods in the cgroups',
    why: "kubelet removes a pod's cgroup after the pod, and cannot while a process is in it: it tries again in every round. The process goes on with its memory and its open files, and no listing shows it.",
    proof:
      "A process, older than --min-age, below no shim, in a pod's cgroup whose uid no listed sandbox, record, bundle or kubelet pod folder has.",
    neverReports: [
      'pods that are being started or taken down: their sandbox, record, bundle or folder is still there',
      'what runs below a shim: another runtime has it, or a check of sandboxes tells about it',
      'where no kubelet is: folders of pods in which this runtime has none that runs',
    ],
    severity: 'warning',
    tags: ['cgroup'],
    needs: ['cgroups', 'sandboxes', 'processes', 'podOwners', 'host', 'endpoints'],
    wants: ['runtime', 'store', 'bundles'],
    messages: {
      occupied: 'cgroup {{path}} is left of a pod that nobody knows, and {{processes}} still in it',
      stuck:
        'cgroup {{path}} is left of a pod that nobody knows, and {{processes}} in it, in a wait that no signal ends',
    },
    references: [
      'https://github.com/kubernetes/kubernetes/issues/97497',
      'https://github.com/containerd/containerd/issues/8532',
    ],
  },
  run(facts, { minAgeMs }) {
    const { cgroups, podOwners, host, processes, endpoints } = facts;
    // Processes are what is judged here: that one runs does not make its pod known.
    const known = knownPods({ ...facts, processes: [] });
    const roots = podOwners.kubelet === 'none' ? listedRoots(facts.sandboxes, processes) : null;
    const left = cgroups
      .filter(
        ({ path, uid, mtime, populated, confirmed, containers }) =>
          confirmed &&
          populated === true &&
          isOldFile(host, mtime, minAgeMs) &&
          !known.uids.has(uid) &&
          !containers.some((id) => known.ids.has(id)) &&
          (roots === null || roots.has(podRoot(path))),
      )
      .map((cgroup) => ({ cgroup, inside: processes.filter((p) => isAlive(p) && p.podUid === cgroup.uid) }))
      .filter(({ inside }) => inside.length > 0 && !inside.some((p) => isBelowShim(p, processes)))
      .filter(({ inside }) => inside.every((p) => ageOf(host, p) >= minAgeMs));
    const why = left.length > 0 ? obstacleToPods(facts) : null;
    if (why !== null) return { findings: [], problems: [problem('unavailable', why)] };
    return left.map(({ cgroup, inside }) => finding(cgroup, inside, endpoints));
  },
});

function isBelowShim(process: Process, processes: Process[]): boolean {
  const pids = byPid(processes);
  let parent = pids.get(process.ppid);
  // A line of ancestors is as long as there are processes at most, unless it was read while it changed.
  for (let steps = 0; parent !== undefined && steps < processes.length; steps += 1) {
    if (parent.shim !== null) return true;
    parent = pids.get(parent.ppid);
  }
  return false;
}

function finding(
  { path, uid, hierarchies }: PodCgroup,
  inside: readonly Process[],
  endpoints: EndpointsFact,
): Finding {
  const isStuck = inside.every(({ state }) => state === 'D');
  const [first] = inside;
  return {
    messageId: isStuck ? 'stuck' : 'occupied',
    subject: { kind: 'cgroup', id: path },
    data: {
      path,
      uid,
      processes: inside.length === 1 ? `${first?.comm} (${first?.pid}) is` : `${inside.length} processes are`,
    },
    evidence: [
      ...inside.map(({ pid, comm, state, cgroup }) => ({
        fact: 'processes' as const,
        at: `/proc/${pid}`,
        value: `${comm}, state ${state}, in ${cgroup}`,
      })),
      {
        fact: 'cgroups',
        at: `${hierarchies[0] ?? ''}${path}`,
        value: 'no sandbox, no record, no pod folder',
      },
    ],
    advice: isStuck
      ? []
      : [
          {
            title: 'End what is in it, then remove it',
            risk: 'destructive',
            commands: [
              ...inside.map(({ pid }) => ['kill', '-9', String(pid)]),
              podctlGc(endpoints, 'cgroups'),
            ],
          },
        ],
  };
}
