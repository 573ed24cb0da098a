import {
  type Container,
  completeValue,
  crictl,
  ctr,
  defineCheck,
  type EndpointsFact,
  type Finding,
  initProcesses,
  type Process,
  type Sandbox,
  sandboxName,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/unknown-container',
    title: 'The runtime knows the state of every container',
    failureTitle: 'The runtime has lost the state of containers',
    why: 'Their state files were lost or emptied, as by a power cut. Such a container can only be stopped and removed: kubelet takes it for one that does not run, and makes another, although it may run.',
    proof:
      'The runtime lists the container as unknown, which it does for no other reason; /proc shows whether its process lives.',
    neverReports: ['containers that are being made', "a runtime's answer that lacks a container"],
    severity: 'warning',
    tags: ['sandbox'],
    needs: ['containers', 'processes', 'endpoints'],
    wants: ['sandboxes', 'bundles', 'runtimeConfig'],
    messages: {
      runs: '{{container}} of {{pod}} runs, but the runtime has lost its state: kubelet makes another beside it',
      ended:
        '{{container}} of {{pod}} has ended, and the runtime has lost its state: it can only be stopped and removed',
    },
    references: ['https://github.com/containerd/containerd/issues/11295'],
  },
  run({ containers, processes, endpoints, sandboxes, bundles, runtimeConfig }) {
    const inits = initProcesses(processes, completeValue(bundles));
    const listed = new Map((completeValue(sandboxes) ?? []).map((s) => [s.id, s]));
    const config = completeValue(runtimeConfig);
    const root = config?.runtime === 'containerd' ? config.rootDir : null;
    return containers
      .filter((c) => c.state === 'unknown')
      .map((c) => finding(c, listed.get(c.sandboxId), inits.get(c.id), root, endpoints));
  },
});

function finding(
  { id, name, sandboxId }: Container,
  sandbox: Sandbox | undefined,
  init: Process | undefined,
  root: string | null,
  endpoints: EndpointsFact,
): Finding {
  const pod = sandboxName(sandboxId, sandbox ?? null);
  const file = root === null ? '' : `${root}/io.containerd.grpc.v1.cri/containers/${id}/status`;
  return {
    messageId: init ? 'runs' : 'ended',
    severity: init ? 'error' : 'warning',
    subject: { kind: 'container', id, name: `${pod}/${name}` },
    data: { container: name, pod, sandbox: sandboxId, file },
    evidence: [
      { fact: 'containers', at: `container ${id.slice(0, 13)}`, value: 'UNKNOWN' },
      ...(init ? [{ fact: 'processes' as const, at: `/proc/${init.pid}`, value: `${init.comm} runs` }] : []),
      ...(file === ''
        ? []
        : [{ fact: 'runtimeConfig' as const, at: file, value: 'missing, empty or damaged' }]),
    ],
    advice: [
      {
        // containerd 2.x crashes when a container is removed through CRI whose sandbox it does not know.
        title: sandbox
          ? 'Stop and remove it; kubelet makes it anew'
          : 'Stop it and drop its record (crictl rm can crash containerd 2.x here)',
        risk: init ? 'destructive' : 'disruptive',
        commands: [
          crictl(endpoints, 'stop', id),
          sandbox ? crictl(endpoints, 'rm', id) : ctr(endpoints, 'containers', 'rm', id),
        ],
      },
    ],
  };
}
