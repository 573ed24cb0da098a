import { crictl, type DockerSandbox, defineCheck, type EndpointsFact, type Finding } from '../../src/api.ts';

/** k8s_POD_<pod>_<namespace>_<uid>_<attempt> */
const NAME = /^k8s_POD_([^_]+)_([^_]+)_([^_]+)_(\d+)/;
const OVER = new Set(['created', 'exited', 'dead', 'removing']);

export default defineCheck({
  meta: {
    id: 'sandbox/docker-name-held',
    title: 'Docker keeps no name of a sandbox that cri-dockerd does not list',
    failureTitle: 'Docker keeps names of sandboxes that cri-dockerd does not list',
    why: 'kubelet counts attempts by what cri-dockerd lists. Where Docker still has a container of that name, each new sandbox of the pod fails with "Conflict. The name ... is already in use", and the pod never starts.',
    proof:
      'Docker lists a container with the name and the label of a sandbox that does not run and is older than --min-age; cri-dockerd, asked before, does not list it.',
    neverReports: [
      'dead sandboxes that cri-dockerd lists: kubelet counts them, and keeps one for its logs',
      'sandboxes that are being made',
      'containers of Docker that are no sandboxes',
    ],
    severity: 'error',
    tags: ['sandbox'],
    needs: ['criDockerd', 'sandboxes', 'host', 'endpoints'],
    messages: {
      held: '{{pod}} cannot start as attempt {{attempt}}: Docker keeps the name for {{id}}, which cri-dockerd does not list',
    },
    references: ['https://github.com/kubernetes/kubernetes/issues/126514'],
  },
  run({ criDockerd, sandboxes, host, endpoints }, { minAgeMs }) {
    const { docker, why } = criDockerd;
    if (docker === null)
      return { findings: [], problems: [], skipped: `Docker did not list its sandboxes: ${why}` };
    const listed = new Set(sandboxes.map(({ id }) => id));
    return docker
      .filter(
        ({ id, state, createdAt }) => OVER.has(state) && !listed.has(id) && host.now - createdAt >= minAgeMs,
      )
      .flatMap((one) => finding(one, endpoints));
  },
});

function finding({ id, name, state }: DockerSandbox, endpoints: EndpointsFact): Finding[] {
  const [, pod, namespace, uid, attempt] = NAME.exec(name) ?? [];
  if (pod === undefined) return [];
  return [
    {
      messageId: 'held',
      subject: { kind: 'sandbox', id, name: `${namespace}/${pod}` },
      data: {
        pod: `${namespace}/${pod}`,
        attempt: Number(attempt),
        id: id.slice(0, 13),
        uid: uid ?? '',
        sandbox: id,
      },
      evidence: [
        { fact: 'criDockerd', at: name, value: state },
        { fact: 'sandboxes', at: `sandbox ${id.slice(0, 13)}`, value: 'not listed' },
      ],
      advice: [
        {
          title: 'Remove it through cri-dockerd, which frees what it holds besides the name',
          risk: 'disruptive',
          commands: [crictl(endpoints, 'stopp', id), crictl(endpoints, 'rmp', id)],
        },
        {
          title: 'If cri-dockerd cannot: remove the container alone',
          risk: 'disruptive',
          commands: [['docker', 'rm', id]],
        },
      ],
    },
  ];
}
