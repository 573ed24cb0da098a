import { canaryRun, defineCheck, failedSteps, networkUnjudged } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'canary/runtime-network',
    title: 'A new pod can use the network that it gets',
    failureTitle: 'A new pod cannot use the network that it gets',
    why: 'Every pod counts on it: its containers see one address and talk over localhost, the node reaches it (probes), and it gets out.',
    proof:
      'With --active, in a sandbox made through the runtime: addresses and routes are read in the namespace of each of its two containers, and conversations over TCP are held between them, and with the node, from within these namespaces.',
    neverReports: [
      'a plain doctor, which makes nothing: then this check takes no part',
      'networks whose plugin asks the API server about every pod: not judged',
      "a firewall that keeps pods from the node's own address, and macvlan or ipvlan, which keep a pod and its node apart",
      'a subnet that the configuration does not name, as with flannel',
    ],
    severity: 'error',
    tags: ['canary', 'cni'],
    needs: ['canary'],
    messages: {
      failed: 'In a sandbox made through the runtime, {{step}} fails: {{why}}',
    },
    references: ['https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model'],
  },
  run({ canary }) {
    const found = canaryRun(canary, 'runtime');
    if ('skipped' in found) return { findings: [], problems: [], ...found };
    const { run } = found;
    const unjudged = networkUnjudged(run);
    if (unjudged !== null) return { findings: [], problems: [], skipped: unjudged };
    return failedSteps(run, 'network').map((finding) => ({
      ...finding,
      severity: finding.data.step === 'route out' ? 'warning' : 'error',
      advice: [
        {
          title: "See the node's routes, its links and its firewall",
          risk: 'safe',
          commands: [['ip', 'route'], ['ip', '-d', 'link'], ['iptables-save']],
        },
      ],
    }));
  },
});
