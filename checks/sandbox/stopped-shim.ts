import {
  completeValue,
  defineCheck,
  type Finding,
  isAlive,
  type Process,
  type SandboxView,
  type StalledThread,
  sandboxName,
  sandboxViews,
  shimsOf,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/stopped-shim',
    title: 'Every shim can answer the runtime',
    failureTitle: "A sandbox's shim answers nothing",
    why: 'Its pod can be neither stopped nor entered, and statistics of all containers wait for it: kubelet may report PLEG as unhealthy. Do not restart the runtime: after ten seconds it takes such a shim for dead and kills its pod.',
    proof:
      'The state of the shim in /proc: T is stopped by a signal or a debugger, D waits in the kernel; the latter counts only when it was seen twice, and the shim was not scheduled once in between.',
    neverReports: [
      'a shim that waits for the disk for a moment',
      'shims of another containerd on the node',
      'zombies',
    ],
    severity: 'error',
    tags: ['sandbox', 'runtime'],
    needs: ['processes', 'endpoints'],
    wants: ['stalls', 'sandboxes', 'bundles'],
    messages: {
      stopped:
        'The shim of {{pod}} (process {{pid}}) is stopped by a signal: the pod cannot be stopped, entered or measured, and a restart of the runtime would kill it',
      waits:
        'The shim of {{pod}} (process {{pid}}) waits in the kernel{{where}}: the pod cannot be stopped, entered or measured, and a restart of the runtime would kill it',
    },
    references: [
      'https://github.com/kubernetes/kubernetes/issues/107749',
      'https://github.com/containerd/containerd/issues/5274',
    ],
  },
  run(facts) {
    const views = new Map(sandboxViews(facts).map((view) => [view.id, view]));
    const stalled = (completeValue(facts.stalls)?.threads ?? []).filter((t) => t.role === 'shim');
    return [...shimsOf(facts.processes, facts.endpoints.chosen?.path ?? '')]
      .filter(([, shim]) => isAlive(shim))
      .flatMap(([id, shim]) => {
        const thread = stalled.find((t) => t.pid === shim.pid);
        const isStopped = shim.state === 'T' || shim.state === 't';
        return isStopped || thread ? [finding(id, shim, views.get(id), thread)] : [];
      });
  },
});

function finding(
  id: string,
  shim: Process,
  view: SandboxView | undefined,
  thread: StalledThread | undefined,
): Finding {
  const pod = sandboxName(id, view?.meta ?? null);
  const isTraced = shim.state === 't';
  return {
    messageId: thread ? 'waits' : 'stopped',
    subject: { kind: 'shim', id, name: pod },
    data: { pod, pid: shim.pid, sandbox: id, where: thread?.waitsIn ? ` (${thread.waitsIn})` : '' },
    evidence: [
      { fact: 'processes', at: `/proc/${shim.pid}/stat`, value: `state ${shim.state}` },
      ...(thread
        ? [
            {
              fact: 'stalls' as const,
              at: `/proc/${shim.pid}/task/${thread.tid}/stack`,
              value: thread.stack.slice(0, 4).join(' < ') || thread.waitsIn,
            },
          ]
        : []),
    ],
    advice: [
      thread
        ? {
            title: 'See what it waits for',
            risk: 'safe',
            commands: [
              ['cat', `/proc/${shim.pid}/task/${thread.tid}/stack`],
              ['dmesg', '--level=err,warn'],
            ],
          }
        : isTraced
          ? {
              title: 'Find the debugger that holds it, and let it go',
              risk: 'safe',
              commands: [['grep', 'TracerPid', `/proc/${shim.pid}/status`]],
            }
          : { title: 'Let it go on', risk: 'safe', commands: [['kill', '-CONT', String(shim.pid)]] },
    ],
  };
}
