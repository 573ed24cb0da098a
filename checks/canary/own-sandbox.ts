import { canaryLeft, canaryRun, canaryWorks, defineCheck, failedSteps } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'canary/own-sandbox',
    title: 'A sandbox can be made on the pod network without the runtime',
    failureTitle: 'A sandbox cannot be made on the pod network, not even without the runtime',
    why: "It takes the same plugins, the same configuration and the same kernel, without the runtime. Where the runtime's canary fails and this one works the fault is the runtime's own; where both fail, it is the network's or the node's.",
    proof:
      "With --active, podctl makes a sandbox of its own with two containers by the node's CNI configuration, compares namespaces, restarts one container, removes all, and searches the node for what names it.",
    neverReports: [
      'a plain doctor, which makes nothing: then this check takes no part',
      'the pod network where its plugin asks the API server about every pod: the sandbox then has loopback only',
    ],
    severity: 'error',
    tags: ['canary', 'cni'],
    needs: ['canary'],
    messages: {
      failed: 'A sandbox without the runtime fails at {{step}}{{within}}: {{why}}',
      left: 'A sandbox without the runtime, made and removed, left something behind: {{left}}{{why}}',
      works:
        'podctl made a sandbox with two containers, restarted one and took all away, in {{ms}} ms; longest: {{slowest}}, {{slowestMs}} ms',
    },
    identity: ['step'],
    explains: [{ check: 'canary/own-network' }],
    references: ['https://www.cni.dev/docs/spec/'],
  },
  run({ canary }) {
    const found = canaryRun(canary, 'podctl');
    if ('skipped' in found) return { findings: [], problems: [], ...found };
    const { run } = found;
    const failed = failedSteps(run, 'sandbox').map((finding) => ({
      ...finding,
      advice: [
        {
          title: 'See what else is said of it',
          risk: 'safe' as const,
          commands: [['podctl', 'doctor', 'cni/*']],
        },
      ],
    }));
    const faults = [...failed, ...canaryLeft(run)];
    return faults.length > 0 ? faults : [canaryWorks(run)];
  },
});
