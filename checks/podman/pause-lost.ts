import { defineCheck, type Finding, type PodmanPlace } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'podman/pause-lost',
    title: "Rootless podman's pause is there",
    failureTitle: "Rootless podman's pause is lost",
    why: "Every command of a user's podman joins the namespaces of one pause process. Where that is gone or somebody else, the user cannot reach containers that run, or new ones get other namespaces than they have.",
    proof:
      "The process id in podman's pause.pid, in a folder of the user's own, is that of no process, or of a process that is none of podman's or not the user's.",
    neverReports: [
      'a stale pause.pid of a user without running containers: the next command of podman makes a new one',
      "root's podman, which needs no pause",
      'pause processes of Kubernetes pods, which are something else',
    ],
    severity: 'warning',
    tags: ['podman'],
    needs: ['podman'],
    messages: {
      gone: "podman of user {{uid}} has lost its pause (process {{pid}}), and {{containers}} of that user's run: podman cannot join them",
      other:
        'podman of user {{uid}} fails with "invalid internal status": {{path}} names process {{pid}}, which is somebody else',
    },
    references: [
      'https://github.com/containers/podman/issues/4057',
      'https://github.com/containers/podman/issues/19456',
    ],
  },
  run: ({ podman }) => podman.places.flatMap(judge),
});

function judge({ uid, pause, conmons }: PodmanPlace): Finding[] {
  if (pause === null || pause.state === 'alive') return [];
  if (pause.state === 'gone' && conmons === 0) return [];
  const { path, pid, state } = pause;
  return [
    {
      messageId: state,
      subject: { kind: 'file', id: path },
      data: {
        uid,
        pid: pid ?? 0,
        path,
        containers: conmons === 1 ? 'one container' : `${conmons} containers`,
      },
      evidence: [
        { fact: 'podman', at: path, value: `${pid ?? 'no process id'}` },
        {
          fact: 'podman',
          at: `/proc/${pid ?? 0}`,
          value: state === 'gone' ? 'gone' : "no process of podman's",
        },
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
