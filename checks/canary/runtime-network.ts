import { CANARY_NETWORK_NORMAL, defineCheck, judgeCanaryNetwork } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'canary/runtime-network',
    title: 'A new pod can use the network that it gets',
    failureTitle: 'A new pod cannot use the network that it gets',
    why: 'Every pod counts on it: its containers see one address and talk over localhost, the node reaches it (probes), and it gets out.',
    proof:
      'With --active, in a sandbox made through the runtime: addresses and routes are read in the namespace of each of its two containers, and conversations over TCP are held between them, and with the node, from within these namespaces.',
    neverReports: CANARY_NETWORK_NORMAL,
    severity: 'error',
    tags: ['canary', 'cni'],
    needs: ['canary'],
    messages: {
      failed: 'In a sandbox made through the runtime, {{step}} fails: {{why}}',
    },
    identity: ['step'],
    references: ['https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model'],
  },
  run: ({ canary }) => judgeCanaryNetwork(canary, 'runtime'),
});
