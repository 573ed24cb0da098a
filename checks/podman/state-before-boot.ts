import { defineCheck, type Finding, type PodmanPlace } from '../../src/api.ts';

/** The time of boot is reckoned from two clocks. */
const CLOCKS_DIFFER_MS = 60_000;

export default defineCheck({
  meta: {
    id: 'podman/state-before-boot',
    title: "Podman's state is of this boot",
    failureTitle: "Podman's state outlived a reboot",
    why: 'Podman believes that its containers and pods still run, because the folder that a reboot should have emptied was kept. Their processes and networks are gone: starting them fails, stopping them hangs.',
    proof:
      "The file alive, which podman makes at its first run after a reboot, is older than the node's boot, in a folder where podman has containers or names a pause; and none of its containers is monitored.",
    neverReports: [
      'a folder that podman has used since boot: it makes the file anew',
      'a user or node whose containers run: then the clock was set, and nothing was rebooted',
    ],
    severity: 'warning',
    tags: ['podman'],
    needs: ['podman', 'host'],
    messages: {
      stale:
        'podman of user {{uid}} does not know of the reboot: {{path}} is from before it, and so is what it believes of its containers',
    },
    references: [
      'https://github.com/containers/podman/issues/10196',
      'https://github.com/containers/podman/issues/17484',
    ],
  },
  run: ({ podman, host }) =>
    podman.places.flatMap((place) =>
      place.aliveAt !== null && place.aliveAt < host.bootTime - CLOCKS_DIFFER_MS && isUsed(place)
        ? [finding(place, place.aliveAt)]
        : [],
    ),
});

function isUsed({ conmons, containers, pause }: PodmanPlace): boolean {
  return conmons === 0 && (containers.length > 0 || pause !== null);
}

function finding({ uid, tmpDir, pause, containers }: PodmanPlace, aliveAt: number): Finding {
  const path = `${tmpDir}/alive`;
  return {
    messageId: 'stale',
    subject: { kind: 'file', id: path },
    data: { uid, path },
    evidence: [
      { fact: 'podman', at: path, value: `of ${new Date(aliveAt).toISOString()}` },
      ...(pause
        ? [{ fact: 'podman' as const, at: pause.path, value: `${pause.pid ?? 'no process id'}` }]
        : []),
      ...containers
        .filter(({ isInfra }) => isInfra)
        .map(({ name, netns }) => ({ fact: 'podman' as const, at: name, value: netns || 'not started' })),
    ],
    advice: [
      {
        title: 'Empty the folder, which belongs on a tmpfs, and start the pods again',
        risk: 'disruptive',
        commands: [
          ['rm', '-r', tmpDir],
          ['podman', 'pod', 'start', '--all'],
        ],
      },
    ],
  };
}
