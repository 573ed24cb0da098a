import {
  completeValue,
  defineCheck,
  type EndpointsFact,
  type KubeletSetting,
  sameRunPath,
} from '../../src/api.ts';

const FLAG = 'container-runtime-endpoint';
const SCHEME = /^unix:(\/\/)?(?=\/)/;

export default defineCheck({
  meta: {
    id: 'runtime/other-endpoint',
    title: 'What is looked at is what kubelet uses',
    failureTitle: 'kubelet uses another runtime than crictl and podctl look at',
    why: 'An empty node is shown while its pods run elsewhere, and what is removed there belongs to somebody else.',
    proof:
      "kubelet's flag --container-runtime-endpoint, else containerRuntimeEndpoint of its configuration, against the socket that crictl.yaml or the search names.",
    neverReports: [
      'a socket that was named on the command line or in the environment: somebody wants to look there',
      '/var/run and /run, which are one folder',
    ],
    severity: 'warning',
    tags: ['runtime', 'config'],
    needs: ['endpoints'],
    wants: ['daemons', 'kubeletConfig'],
    messages: {
      other:
        'kubelet uses {{kubelet}}, but {{source}} leads to {{chosen}}: this report is about another runtime',
      several: '{{count}} sockets of runtimes are on this node ({{all}}); {{chosen}} was looked at',
    },
    explains: [{ check: 'runtime/unreachable' }],
    references: ['https://github.com/kubernetes/kubernetes/issues/79466'],
  },
  run({ endpoints, daemons, kubeletConfig }) {
    const { chosen, candidates } = endpoints;
    if (chosen === null || chosen.source === 'flag' || chosen.source === 'environment') return [];
    const running = completeValue(daemons)?.find((d) => d.kind === 'kubelet');
    const flag = running?.flags[FLAG]?.replace(SCHEME, '') ?? '';
    const stated = running ? completeValue(kubeletConfig)?.endpoint : null;
    const kubelet = flag.startsWith('/') ? { value: flag, at: `kubelet --${FLAG}` } : stated;
    if (kubelet) return sameRunPath(kubelet.value, chosen.path) ? [] : [other(kubelet, chosen)];
    const sockets = candidates.filter((c) => c.state === 'socket').map((c) => c.path);
    if (sockets.length < 2 || chosen.source === 'crictl.yaml') return [];
    return [
      {
        messageId: 'several',
        severity: 'info',
        subject: { kind: 'runtime', id: chosen.path },
        data: { count: sockets.length, all: sockets.join(', '), chosen: chosen.path },
        evidence: sockets.map((at) => ({ fact: 'endpoints', at, value: 'socket' })),
        advice: [
          {
            title: 'Name the one that is meant',
            risk: 'safe',
            commands: sockets.map((socket) => ['podctl', 'doctor', '-r', `unix://${socket}`]),
          },
        ],
      },
    ];
  },
});

function other(
  { value: kubelet, at }: KubeletSetting,
  { path, source }: NonNullable<EndpointsFact['chosen']>,
) {
  const from = source === 'crictl.yaml' ? 'crictl.yaml' : 'the search for well-known sockets';
  return {
    messageId: 'other',
    subject: { kind: 'runtime' as const, id: path },
    data: { kubelet, chosen: path, source: from },
    evidence: [
      { fact: 'kubeletConfig' as const, at, value: kubelet },
      { fact: 'endpoints' as const, at: from, value: path },
    ],
    advice: [
      {
        title: "Look at kubelet's runtime",
        risk: 'safe' as const,
        commands: [
          ['podctl', 'doctor', '-r', `unix://${kubelet}`],
          ['crictl', 'config', '--set', `runtime-endpoint=unix://${kubelet}`],
        ],
      },
    ],
  };
}
