import { completeValue, defineCheck, servingDaemon } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'runtime/unreachable',
    title: 'The container runtime answers',
    failureTitle: 'The container runtime cannot be reached',
    why: 'Without its runtime the node starts, stops and restarts nothing. Pods that run go on running, but nobody looks after them.',
    proof:
      'A configuration, program, unit, shim or socket shows that a runtime belongs here, and no call to its socket is answered.',
    neverReports: [
      'a node without any trace of a runtime: it has none',
      'a runtime that is slow or hangs: that is runtime/unresponsive',
    ],
    severity: 'error',
    tags: ['runtime'],
    needs: ['endpoints'],
    wants: ['runtime', 'daemons', 'runtimeConfig', 'host'],
    messages: {
      down: 'The container runtime is down: {{cause}}',
      noCri: 'The container runtime runs but does not serve CRI: {{cause}}',
      criDisabled:
        'containerd runs with CRI switched off: disabled_plugins in {{file}} names {{plugin}}, as a containerd that was packaged for Docker does',
    },
    explains: [{ check: '*', same: 'cause' }],
    references: ['https://github.com/containerd/containerd/issues/4581'],
  },
  run({ endpoints, runtime, daemons, runtimeConfig, host }) {
    if (runtime.status === 'absent') return { findings: [], problems: [], skipped: runtime.reason };
    if (runtime.status !== 'failed' || runtime.problem.code === 'timeout') return [];
    if (runtime.problem.code === 'denied' || runtime.problem.code === 'crashed') {
      return { findings: [], problems: [runtime.problem] };
    }
    const endpoint = endpoints.chosen?.path ?? '';
    const unit = /crio/.test(endpoint) ? 'crio' : /k3s/.test(endpoint) ? 'k3s' : 'containerd';
    const daemon = servingDaemon(
      endpoint,
      completeValue(daemons),
      completeValue(runtimeConfig),
      completeValue(host),
    );
    const disabled = daemon?.kind === 'containerd' ? completeValue(runtimeConfig)?.criDisabled : null;
    return [
      {
        messageId: daemon === undefined ? 'down' : disabled ? 'criDisabled' : 'noCri',
        subject: { kind: 'runtime', id: endpoint || unit },
        data: {
          cause: runtime.problem.message,
          file: disabled?.file ?? '',
          plugin: disabled?.value ?? '',
        },
        evidence: [
          ...(disabled
            ? [
                {
                  fact: 'runtimeConfig' as const,
                  at: [disabled.file, disabled.line].filter((part) => part !== null).join(':'),
                  value: `disabled_plugins = [..., "${disabled.value}"]`,
                },
              ]
            : []),
          ...(endpoints.chosen
            ? [{ fact: 'endpoints' as const, at: endpoints.chosen.path, value: endpoints.chosen.state }]
            : []),
          ...(daemon === undefined
            ? [{ fact: 'daemons' as const, at: '/proc', value: `no ${unit} process serves it` }]
            : [{ fact: 'daemons' as const, at: `/proc/${daemon.pid}`, value: `${daemon.kind} runs` }]),
          ...endpoints.traces
            .filter((t) => !t.path.startsWith('/proc/'))
            .slice(0, 3)
            .map(({ path, what }) => ({
              fact: 'endpoints' as const,
              at: path,
              value: what,
            })),
        ],
        advice: [
          ...(disabled
            ? [
                {
                  title:
                    'Take it out of the list, see that config.toml is for Kubernetes, and restart containerd',
                  risk: 'disruptive' as const,
                  commands: [
                    ['grep', '-n', 'disabled_plugins', disabled.file ?? ''],
                    ['systemctl', 'restart', unit],
                  ],
                },
              ]
            : []),
          {
            title: 'See why it does not answer',
            risk: 'safe',
            commands: [
              ['systemctl', 'status', unit],
              ['journalctl', '-u', unit, '-n', '50'],
            ],
          },
        ],
      },
    ];
  },
});
