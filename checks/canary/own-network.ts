import { CANARY_NETWORK_NORMAL, defineCheck, judgeCanaryNetwork } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'canary/own-network',
    title: 'A sandbox without the runtime can use the pod network',
    failureTitle: 'A sandbox without the runtime cannot use the pod network',
    why: 'Every pod counts on it: its containers see one address and talk over localhost, the node reaches it (probes), and it gets out.',
    proof:
      'With --active, in a sandbox made by podctl itself: addresses and routes are read in the namespace of each of its two containers, and conversations over TCP are held between them, and with the node, from within these namespaces.',
    neverReports: CANARY_NETWORK_NORMAL,
    severity: 'error',
    tags: ['canary', 'cni'],
    needs: ['canary'],
    messages: {
      failed: 'In a sandbox made by podctl itself, {{step}} fails: {{why}}',
    },
    identity: ['step'],
    references: ['https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model'],
  },
  run: ({ canary }) => judgeCanaryNetwork(canary, 'podctl'),
});
