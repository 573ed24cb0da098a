import { completeValue, defineCheck, servingDaemon } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'runtime/unresponsive',
    title: 'The container runtime answers in time',
    failureTitle: 'The container runtime hangs',
    why: 'A runtime that accepts connections and answers nothing stops every start, stop and probe on the node, and kubelet reports PLEG as unhealthy. What it owns cannot be told from what is left over.',
    proof:
      'The socket accepts the connection, and a call runs into its deadline. Where the process is known, its state is read: T is stopped by a signal, D waits for the disk.',
    neverReports: [
      'a slow answer within the deadline (--timeout)',
      'a runtime that is down: that is runtime/unreachable',
    ],
    severity: 'error',
    tags: ['runtime'],
    needs: ['endpoints'],
    wants: ['runtime', 'daemons', 'runtimeConfig', 'host'],
    messages: {
      hangs: '{{cause}}',
      stopped:
        'The container runtime is stopped by a signal (process {{pid}} is in state {{state}}) and answers nothing',
    },
    explains: [{ check: '*', same: 'cause' }],
    references: ['https://github.com/kubernetes/kubernetes/issues/61117'],
  },
  run({ endpoints, runtime, daemons, runtimeConfig, host }) {
    if (runtime.status === 'absent') return { findings: [], problems: [], skipped: runtime.reason };
    if (runtime.status !== 'failed' || runtime.problem.code !== 'timeout') return [];
    const endpoint = endpoints.chosen?.path ?? '';
    const daemon = servingDaemon(
      endpoint,
      completeValue(daemons),
      completeValue(runtimeConfig),
      completeValue(host),
    );
    const isStopped = daemon?.state === 'T' || daemon?.state === 't';
    return [
      {
        messageId: isStopped ? 'stopped' : 'hangs',
        subject: { kind: 'runtime', id: endpoint },
        data: { cause: runtime.problem.message, pid: daemon?.pid ?? 0, state: daemon?.state ?? '' },
        evidence: [
          { fact: 'runtime', at: endpoint, value: runtime.problem.message },
          ...(daemon
            ? [{ fact: 'daemons' as const, at: `/proc/${daemon.pid}/stat`, value: `state ${daemon.state}` }]
            : []),
        ],
        advice: [
          isStopped
            ? { title: 'Let it go on', risk: 'safe', commands: [['kill', '-CONT', String(daemon.pid)]] }
            : {
                title:
                  'Look at the load and the log before any restart: a restart kills pods whose shim hangs',
                risk: 'safe',
                commands: [['journalctl', '-u', /crio/.test(endpoint) ? 'crio' : 'containerd', '-n', '50']],
              },
        ],
      },
    ];
  },
});
