import { defineCheck, type Evidence, type Finding, type PodmanPlace } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'podman/pause-lost',
    title: "Rootless podman's pause is there",
    failureTitle: "Rootless podman's pause is lost",
    why: "Every command of a user's podman joins the namespaces of one pause process, or finds its way by a container's monitor. Where it joins somebody else, or has neither, each command fails, and the containers run on unreachable.",
    proof:
      "The process id in podman's pause.pid, in a folder of the user's own, is that of a process of the user that is none of podman's; or of none, while a container's first process runs and its monitor does not.",
    neverReports: [
      'a stale pause.pid of a user without containers, or whose containers have their monitors: podman makes a new one',
      'a process id that another user has by now: podman cannot open it, and makes a new pause',
      "root's podman, which needs no pause, and the pauses of Kubernetes' pods",
    ],
    severity: 'warning',
    tags: ['podman'],
    needs: ['podman'],
    messages: {
      gone: 'podman of user {{uid}} cannot reach {{containers}}: its pause and their monitors are gone',
      other:
        'podman of user {{uid}} cannot join its namespaces: {{path}} names process {{pid}}, which is somebody else',
    },
    references: [
      'https://github.com/containers/podman/issues/4057',
      'https://github.com/containers/podman/issues/19456',
    ],
  },
  run: ({ podman }) => podman.places.flatMap(judge),
});

function judge({ uid, tmpDir, pause, unwatched }: PodmanPlace): Finding[] {
  // Podman takes the file away when it finds nobody, and fails all the same.
  const { path, pid, state } = pause ?? { path: `${tmpDir}/pause.pid`, pid: null, state: 'gone' };
  if (state === 'alive' || (state === 'gone' && unwatched.length === 0)) return [];
  return [
    {
      messageId: state,
      subject: { kind: 'file', id: path },
      data: {
        uid,
        pid: pid ?? 0,
        path,
        containers:
          unwatched.length === 1
            ? 'one container, which still runs'
            : `${unwatched.length} containers, which still run`,
      },
      evidence: [
        { fact: 'podman', at: path, value: pause ? `${pid ?? 'no process id'}` : 'missing' },
        ...(pid === null ? [] : [processOf(pid, state === 'gone' ? 'gone' : "no process of podman's")]),
        ...unwatched.map((one) => processOf(one, 'runs, and its monitor does not')),
      ],
      advice: [
        {
          title: 'Have podman begin anew, as that user: this stops his containers and does not start them',
          risk: 'destructive',
          commands: [['podman', 'system', 'migrate']],
        },
      ],
    },
  ];
}

function processOf(pid: number, value: string): Evidence {
  return { fact: 'podman', at: `/proc/${pid}`, value };
}
