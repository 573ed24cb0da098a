import { defineCheck, sameRunPath } from '../../src/api.ts';

/** What the usual sockets of a runtime are called after. */
const NAMES = ['containerd', 'crio'] as const;

export default defineCheck({
  meta: {
    id: 'kubelet/image-endpoint',
    title: 'kubelet of a node image looks for the runtime where it listens',
    failureTitle: 'kubelet of a node image looks for the runtime elsewhere than it listens',
    why: 'kubelet waits at a socket that nobody opens, and ends. No node that is made from the image joins.',
    proof:
      "containerRuntimeEndpoint of the image's kubelet configuration or units against the socket that the files or the default of its runtime name.",
    neverReports: [
      'an image in which nobody tells kubelet an endpoint: whoever makes the node does',
      'the endpoint of another runtime that is in the image as well, or of cri-dockerd',
      'another name of the same socket: /var/run is /run',
    ],
    severity: 'error',
    tags: ['kubelet', 'config'],
    needs: ['nodeImage', 'runtimeConfig', 'kubeletConfig'],
    messages: {
      elsewhere:
        'kubelet looks for its runtime at {{endpoint}} ({{at}}), but {{runtime}} listens at {{address}}',
    },
    references: ['https://kubernetes.io/docs/setup/production-environment/container-runtimes/'],
  },
  run({ nodeImage: { programs }, runtimeConfig: { runtime, address }, kubeletConfig: { endpoint } }) {
    if (!endpoint || sameRunPath(endpoint.value, address)) return [];
    const meant = NAMES.find((name) => endpoint.value.includes(name));
    const isThere = meant !== runtime && programs.some(({ name }) => name === meant);
    if (isThere || endpoint.value.includes('docker')) return [];
    return [
      {
        messageId: 'elsewhere',
        subject: { kind: 'runtime', id: runtime },
        data: { endpoint: endpoint.value, at: endpoint.at, runtime, address },
        evidence: [
          { fact: 'kubeletConfig', at: endpoint.at, value: endpoint.value },
          { fact: 'runtimeConfig', at: `socket of ${runtime}`, value: address },
        ],
        advice: [
          {
            title: `Name unix://${address} in ${endpoint.at}, or let ${runtime} listen there`,
            risk: 'disruptive',
            commands: [['systemctl', 'restart', 'kubelet.service']],
          },
        ],
      },
    ];
  },
});
