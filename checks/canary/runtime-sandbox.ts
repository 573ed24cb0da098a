import { canaryLeft, canaryRun, canaryWorks, defineCheck, failedSteps } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'canary/runtime-sandbox',
    title: 'The runtime can make a sandbox now, with containers that join it, and takes it away again',
    failureTitle: 'The runtime cannot make a sandbox, or does not take all of it away',
    why: 'This is what every pod needs first. What a passive look cannot see (a plugin that fails, a full range of addresses, a runtime that hangs half way) shows here, with the step that fails.',
    proof:
      "With --active, a sandbox with two containers of the sandbox image is made through CRI; their processes are compared with the pause's namespaces, one container is restarted, all is removed, and the node is searched for what names it.",
    neverReports: [
      'a plain doctor, which makes nothing: then this check takes no part',
      'a sandbox that kubelet took away, as it does with what it did not order (--force kubelet)',
      'the pod network where its plugin asks the API server about every pod: the sandbox is then made in the host network',
      'an image that is missing is never pulled by a canary',
    ],
    severity: 'error',
    tags: ['canary', 'runtime'],
    needs: ['canary'],
    wants: ['runtime'],
    messages: {
      failed: 'A new sandbox fails at {{step}}{{within}}: {{why}}',
      left: 'A sandbox that was made and removed left something behind: {{left}}{{why}}',
      works:
        'The runtime made a sandbox with two containers, restarted one and took all away, in {{ms}} ms; longest: {{slowest}}, {{slowestMs}} ms',
    },
    identity: ['step'],
    explains: [{ check: 'canary/runtime-network' }],
    references: ['https://kubernetes.io/docs/concepts/workloads/pods/'],
  },
  run({ canary, runtime }) {
    const found = canaryRun(canary, 'runtime');
    if ('skipped' in found) return { findings: [], problems: [], ...found };
    const { run } = found;
    const cause = runtime.status === 'failed' ? { cause: runtime.problem.message } : {};
    const failed = failedSteps(run, 'sandbox').map((finding) => ({
      ...finding,
      data: { ...finding.data, ...cause },
      advice: [adviceOn(run.stage)],
    }));
    const faults = [...failed, ...canaryLeft(run)];
    return faults.length > 0 ? faults : [canaryWorks(run)];
  },
});

function adviceOn(stage: string) {
  return {
    title: 'See what else is said of it, then the log of the runtime',
    risk: 'safe' as const,
    commands: [
      ['podctl', 'doctor', stage === 'network' ? 'cni/*' : stage === 'image' ? 'image/*' : 'runtime/*'],
      ['journalctl', '-u', 'containerd', '-u', 'crio', '-n', '50'],
    ],
  };
}
