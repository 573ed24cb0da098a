import type { CanaryFact, CanaryRun, CanaryStep } from '../../src/model/facts.ts';

const step = (part: CanaryStep['part'], name: string, note = ''): CanaryStep => ({
  name,
  part,
  status: 'done',
  ms: 12.5,
  note,
});
const NETWORK = ['address', 'subnet', 'localhost', 'route out', 'host to pod'].map((name) =>
  step('network', name),
);

function run(maker: CanaryRun['maker'], names: readonly string[]): CanaryRun {
  const isRuntime = maker === 'runtime';
  return {
    maker,
    endpoint: isRuntime ? '/run/containerd/containerd.sock' : '',
    name: 'podctl-canary-500-86400000',
    sandboxId: 'c'.repeat(64),
    network: 'pods',
    image: isRuntime ? 'registry.k8s.io/pause:3.10' : '',
    skipped: '',
    networkUnjudged: '',
    steps: [...names.map((name) => step('sandbox', name)), ...NETWORK, step('sandbox', 'nothing left')],
    stage: '',
    endedByKubelet: false,
    left: [],
    ms: 480,
  };
}

/** Canaries that found nothing wrong. */
export function healthyCanary(): CanaryFact {
  return {
    runs: [
      run('runtime', ['Version', 'ImageStatus', 'RunPodSandbox', 'PodSandboxStatus', 'joined', 'restart']),
      run('podctl', ['network', 'start-sandbox', 'cni-add', 'joined', 'restart', 'remove']),
    ],
    swept: [],
  };
}
