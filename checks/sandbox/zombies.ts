import {
  ageOf,
  byPid,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HostFact,
  isAlive,
  type Process,
  type Reaper,
  type SandboxView,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

/** From a pause that cannot reap: they only become more. */
const FEW = 5;
/** From others: they may be about to reap. */
const MANY = 20;
/** Sleeps of those that wait for a signal alone. */
const DEAF = /pause|sigsuspend/;

export default defineCheck({
  meta: {
    id: 'sandbox/zombies',
    title: 'Dead processes of pods are reaped',
    failureTitle: 'Dead processes pile up in pods',
    why: 'In a pod with a shared PID namespace the pause inherits every process whose parent has ended. A pause that does not reap keeps them as zombies until the pod goes; each takes a process number, and at the limit nothing in the pod can fork, not even a probe.',
    proof:
      'Processes in state Z by their parent. Whether a pause reaps follows from its signal masks in /proc/PID/status, and from the kernel function that it sleeps in: with SIGCHLD at its default and asleep in pause() no death ever wakes it.',
    neverReports: [
      `fewer than ${FEW} zombies, or of a parent that may be about to reap fewer than ${MANY} of some age`,
      'a pause that waits in wait(), blocks SIGCHLD and takes it with sigwait, or ignores it: the kernel reaps then',
      'pods that do not share a PID namespace: their pause inherits nothing',
    ],
    severity: 'warning',
    tags: ['sandbox'],
    needs: ['processes', 'reapers', 'host', 'endpoints'],
    wants: ['sandboxes', 'containers', 'store', 'bundles', 'ownSandboxes'],
    messages: {
      piling: '{{pod}} has {{count}} zombies: its pause does not reap them, and more will come',
      ofApp: '{{pod}} has {{count}} zombies of {{parent}} ({{pid}}), which does not reap its own children',
      cannotReap:
        '{{pod}} shares a PID namespace, and its pause will not reap: what loses its parent stays as a zombie',
    },
    references: [
      'https://github.com/kubernetes/kubernetes/issues/50865',
      'https://github.com/openshift/images/issues/27',
    ],
  },
  run(facts, { minAgeMs }) {
    const { processes, host, endpoints } = facts;
    const pids = byPid(processes);
    const zombies = new Map<number, Process[]>();
    for (const one of processes)
      if (one.state === 'Z') zombies.set(one.ppid, [...(zombies.get(one.ppid) ?? []), one]);
    return sandboxViews(facts).flatMap((view) => {
      const own = new Set([view.id, ...view.members.map(({ id }) => id)]);
      const parents = [...zombies.keys()].flatMap((pid) => pids.get(pid) ?? []);
      const pause = view.pause ? judgePause(view, view.pause, facts, minAgeMs, zombies) : [];
      const apps = parents
        .filter((p) => p !== view.pause && isAlive(p) && own.has(p.containerId ?? ''))
        .filter((p) => settled(zombies.get(p.pid) ?? [], host, minAgeMs).length >= MANY)
        .map((p) => finding('ofApp', view, p, zombies.get(p.pid) ?? [], endpoints));
      return [...pause, ...apps];
    });
  },
});

function judgePause(
  view: SandboxView,
  pause: Process,
  { reapers, host, endpoints }: { reapers: Reaper[]; host: HostFact; endpoints: EndpointsFact },
  minAgeMs: number,
  zombies: ReadonlyMap<number, Process[]>,
): Finding[] {
  const reaper = reapers.find(({ pid, startTicks }) => pid === pause.pid && startTicks === pause.startTicks);
  const isDeaf = reaper?.onChild === 'default' && DEAF.test(reaper.sleepsIn);
  const dead = zombies.get(pause.pid) ?? [];
  const isPiling = isDeaf ? dead.length >= FEW : settled(dead, host, minAgeMs).length >= MANY;
  if (isPiling) return [finding('piling', view, pause, dead, endpoints, reaper)];
  return isDeaf ? [finding('cannotReap', view, pause, dead, endpoints, reaper)] : [];
}

/** A zombie is younger than its process was: those that ran for a moment only are not counted. */
function settled(zombies: readonly Process[], host: HostFact, minAgeMs: number): Process[] {
  return zombies.filter((one) => ageOf(host, one) >= minAgeMs);
}

function finding(
  messageId: 'piling' | 'ofApp' | 'cannotReap',
  view: SandboxView,
  parent: Process,
  dead: readonly Process[],
  endpoints: EndpointsFact,
  reaper?: Reaper,
): Finding {
  const pod = sandboxName(view.id, view.meta);
  const names = [...new Set(dead.map(({ comm }) => comm))].slice(0, 3).join(', ');
  const isPause = messageId !== 'ofApp';
  return {
    messageId,
    severity: messageId === 'piling' ? 'warning' : 'info',
    subject: isPause
      ? { kind: 'sandbox', id: view.id, name: pod }
      : { kind: 'process', id: String(parent.pid), name: `${pod}, ${parent.comm}` },
    data: { pod, sandbox: view.id, pid: parent.pid, parent: parent.comm, count: dead.length },
    evidence: [
      ...(reaper
        ? [
            {
              fact: 'reapers' as const,
              at: `/proc/${parent.pid}/status`,
              value: `SIGCHLD ${reaper.onChild}${reaper.sleepsIn === '' ? '' : `; asleep in ${reaper.sleepsIn}`}`,
            },
          ]
        : []),
      ...(dead.length > 0
        ? [
            {
              fact: 'processes' as const,
              at: `/proc/${parent.pid} (${parent.comm}, state ${parent.state})`,
              value: `${dead.length} children in state Z: ${names}`,
            },
          ]
        : []),
    ],
    advice: isPause
      ? [
          {
            title: 'Configure a pause image that reaps (3.1 or later), then have kubelet make the pod anew',
            risk: 'destructive',
            commands: [crictl(endpoints, 'stopp', view.id)],
          },
        ]
      : [],
  };
}
