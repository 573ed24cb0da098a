import { defineCheck, type Finding, type IdleInfra, idleInfras } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'podman/unused-address',
    title: "Addresses of podman's pods are used",
    failureTitle: 'Pods of podman hold addresses that they do not use',
    why: 'A pod that does not share its network gives its first container one all the same, on the default network. The address is taken from the range, and the pod looks as if it could be reached there.',
    proof:
      "The pod's infra container is alone in a network namespace for which an address is reserved, while the other containers of the pod run elsewhere.",
    neverReports: [
      'a pod whose containers are in the network of the infra container',
      'a pod with nothing but the infra container',
      'a pod without a network, or on that of the node',
    ],
    severity: 'info',
    tags: ['podman', 'cni'],
    needs: ['podman', 'processes', 'reservations', 'host'],
    messages: {
      unused:
        'The pod of {{infra}} (podman) holds {{address}} of network {{network}}, and no container of the pod uses it',
    },
    references: ['https://github.com/containers/podman/issues/4908'],
  },
  run: (facts) => idleInfras(facts).map(finding),
});

function finding({ infra, pid, members, reservation }: IdleInfra): Finding {
  return {
    messageId: 'unused',
    subject: { kind: 'reservation', id: reservation.path },
    data: { infra: infra.name, address: reservation.address ?? '', network: reservation.network },
    evidence: [
      { fact: 'reservations', at: reservation.path, value: infra.id },
      { fact: 'processes', at: `/proc/${pid}/ns/net`, value: 'the infra container is alone in it' },
      ...members.map(({ name, pid: member }) => ({
        fact: 'processes' as const,
        at: `/proc/${member}/ns/net`,
        value: `${name} is elsewhere`,
      })),
    ],
    advice: [
      {
        title: 'Make such pods without a network: --network none, or --share net as well',
        risk: 'safe',
        commands: [['podman', 'pod', 'create', '--network', 'none']],
      },
    ],
  };
}
