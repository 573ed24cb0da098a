import { canaryRun, defineCheck, failedSteps, networkUnjudged } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'canary/own-network',
    title: 'A sandbox without the runtime can use the pod network',
    failureTitle: 'A sandbox without the runtime cannot use the pod network',
    why: 'Every pod counts on it: its containers see one address and talk over localhost, the node reaches it (probes), and it gets out.',
    proof:
      'With --active, in a sandbox made by podctl itself: addresses and routes are read in the namespace of each of its two containers, and conversations over TCP are held between them, and with the node, from within these namespaces.',
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
      failed: 'In a sandbox made by podctl itself, {{step}} fails: {{why}}',
    },
    references: ['https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model'],
  },
  run({ canary }) {
    const found = canaryRun(canary, 'podctl');
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
