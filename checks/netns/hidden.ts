import { amongPins, defineCheck } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'netns/hidden',
    title: "A shell on the node sees the runtime's network pins",
    failureTitle: "The runtime's network pins are hidden from a shell on the node",
    why: 'Whoever lists /run/netns or the mounts from a login shell finds empty files, takes the pins for lost, and may remove them. They are where they belong: in the mount namespace of the runtime, which podctl reads.',
    proof: "The mount namespace of the runtime's process is another one than that of PID 1.",
    neverReports: [
      'a podctl that runs in a mount namespace of its own, as in a debug pod, beside a runtime in that of PID 1',
    ],
    severity: 'info',
    tags: ['namespace'],
    needs: ['pins', 'daemons', 'host'],
    messages: {
      ownMounts:
        '{{runtime}} keeps its {{pins}} in a mount namespace of its own: a shell shows empty files, which is harmless, because the runtime sees the mounts',
    },
    references: ['https://github.com/openshift/enhancements/pull/593'],
  },
  run({ pins, daemons, host }) {
    const { seenBy } = pins;
    const runtime = daemons.find(({ pid }) => seenBy.what === 'runtime' && pid === seenBy.pid);
    const shell = host.init.mnt ?? host.self.mnt;
    const mounted = pins.pins.filter(
      ({ ns, type, scheme }) =>
        ns !== null && type === 'net' && (scheme === 'containerd' || scheme === 'crio'),
    ).length;
    if (!runtime?.mnt || shell === null || runtime.mnt === shell || mounted === 0) return [];
    const own = runtime.mnt.slice(runtime.mnt.indexOf(':') + 1);
    return [
      {
        messageId: 'ownMounts',
        subject: { kind: 'node', id: host.hostname },
        data: { runtime: runtime.kind, pins: mounted === 1 ? 'network pin' : `${mounted} network pins` },
        evidence: [{ fact: 'daemons', at: `/proc/${runtime.pid}/ns/mnt`, value: `mnt:[${own}]` }],
        advice: [
          {
            title: 'Look at them with the eyes of the runtime',
            risk: 'safe',
            commands: [amongPins(pins, 'grep', 'nsfs', '/proc/self/mountinfo')],
          },
        ],
      },
    ];
  },
});
