import {
  completeValue,
  crictl,
  ctr,
  defineCheck,
  type EndpointsFact,
  findImage,
  fullReference,
  type LogEvent,
  sandboxImageUnknown,
  sandboxImageUse,
  servingLog,
} from '../../src/api.ts';

/** Which message each reason in the runtime's log leads to; any other reason is only said to have failed. */
const MESSAGES: Readonly<Record<string, string>> = {
  unauthorized: 'noCredentials',
  forbidden: 'forbidden',
  'not-found': 'notInRegistry',
  'connection-refused': 'unreachable',
  'no-such-host': 'unreachable',
  unreachable: 'unreachable',
  timeout: 'unreachable',
};

export default defineCheck({
  meta: {
    id: 'image/pull-failing',
    title: 'The runtime gets the sandbox image when it needs it',
    failureTitle: 'The runtime tries to pull the sandbox image and fails',
    why: "The sandbox image is pulled by the runtime itself: no pod's imagePullSecrets and no credential provider of kubelet's is used for it. The reason stands in the runtime's log only; users see pods that stay in ContainerCreating.",
    proof:
      "The image is not in the runtime's list, and the runtime's own log says of exactly this reference, since the runtime started, why its last try failed.",
    neverReports: [
      'an image that is here: then nothing is pulled',
      'a try with another reference, or from before the runtime was started',
      'pulls of app images',
    ],
    severity: 'error',
    tags: ['image'],
    needs: ['runtime', 'runtimeConfig', 'images', 'endpoints'],
    wants: ['runtimeLog', 'daemons', 'host'],
    messages: {
      noCredentials:
        'The runtime has no credentials for the sandbox image: {{registry}} wants some for {{reference}}',
      forbidden: 'The registry {{registry}} forbids the runtime the sandbox image {{reference}}',
      notInRegistry: 'The registry {{registry}} does not have the sandbox image {{reference}}',
      unreachable: 'The runtime cannot reach {{registry}} for the sandbox image {{reference}}: {{reason}}',
      failed: 'The runtime cannot pull the sandbox image {{reference}} from {{registry}}: {{reason}}',
    },
    explains: [
      { check: 'image/sandbox-image-missing', same: 'reference' },
      { check: 'runtime/sandboxes-fail' },
    ],
    references: [
      'https://github.com/awslabs/amazon-eks-ami/issues/1425',
      'https://github.com/rootless-containers/usernetes/issues/240',
      'https://github.com/Azure/aks-engine/issues/4627',
    ],
  },
  run({ runtime, runtimeConfig, images, endpoints, runtimeLog, daemons, host }) {
    const use = sandboxImageUse(runtime, runtimeConfig);
    const unknown = sandboxImageUnknown(use, runtimeConfig);
    if (unknown) return { findings: [], problems: [unknown] };
    const reference = use.inForce?.reference;
    if (reference === undefined || findImage(images, reference)) return [];
    const log = servingLog(runtime, runtimeConfig, {
      logs: completeValue(runtimeLog),
      daemons: completeValue(daemons),
      host: completeValue(host),
    });
    const since = runtimeConfig.daemonStartedAt ?? 0;
    const isOf = ({ kind, fields, last }: LogEvent) =>
      kind === 'sandbox-image' &&
      fullReference(fields.image ?? '') === fullReference(reference) &&
      last !== null &&
      last >= since;
    const event = log?.events.filter(isOf).at(-1);
    if (!log || !event) return [];
    const reason = event.fields.reason ?? 'other';
    const messageId = MESSAGES[reason] ?? 'failed';
    const registry = event.fields.host ?? fullReference(reference).split('/')[0] ?? '';
    const words = reason === 'other' ? "see the runtime's log" : reason.replaceAll('-', ' ');
    return [
      {
        messageId,
        subject: { kind: 'image', id: reference },
        data: { reference, registry, reason: words, tries: event.count },
        evidence: [
          {
            fact: 'runtimeLog',
            at: log.source,
            value: `failed to get sandbox image "${reference}": ${words} (${event.count} times, last ${new Date(event.last ?? 0).toISOString()})`,
          },
          {
            fact: 'images',
            at: 'image list',
            value: `${images.length} images, ${reference} is none of them`,
          },
        ],
        advice: adviceFor(messageId, reference, registry, runtime.name, endpoints),
      },
    ];
  },
});

function adviceFor(
  messageId: string,
  reference: string,
  registry: string,
  runtime: string,
  endpoints: EndpointsFact,
) {
  const safe = 'safe' as const;
  if (messageId === 'noCredentials' || messageId === 'forbidden') {
    const pull =
      runtime === 'containerd'
        ? ctr(endpoints, 'images', 'pull', '--user', 'USER', reference)
        : crictl(endpoints, 'pull', '--creds', 'USER', reference);
    return [
      { title: 'Pull it once as a user who may; the password is asked for', risk: safe, commands: [pull] },
    ];
  }
  if (messageId === 'notInRegistry') {
    return [
      {
        title: 'See which name is configured, and name one that exists',
        risk: safe,
        commands: [configOf(runtime)],
      },
    ];
  }
  return [
    {
      title: 'Try the registry from this node',
      risk: safe,
      commands: [['curl', '-sSI', `https://${registry}/v2/`]],
    },
    ...(runtime === 'containerd'
      ? [
          {
            title: 'Without the registry: bring the image as a file',
            risk: safe,
            commands: [ctr(endpoints, 'images', 'import', 'pause.tar')],
          },
        ]
      : []),
  ];
}

function configOf(runtime: string): string[] {
  return runtime === 'containerd' ? ['containerd', 'config', 'dump'] : ['crio', 'config'];
}
