import {
  ageOf,
  type Container,
  completeValue,
  ctr,
  defineCheck,
  type EndpointsFact,
  type Finding,
  isAlive,
  type Process,
  RUNC_WAITS,
  type Sandbox,
  sandboxName,
  shimsOf,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/abandoned-start',
    title: 'No start of a container was left half-way',
    failureTitle: 'Starts of containers were broken off, and their processes still wait to begin',
    why: 'When a client gives up, or is killed, while containerd 2.x has a container made, the runtime calls the container exited and forgets the process. Each holds memory and a cgroup until its pod ends, and can keep the pod from being removed.',
    proof:
      'A process of runc that waits to begin, older than --min-age, is the child of a shim of this runtime, in the cgroup of a container that the runtime lists as exited, or not at all.',
    neverReports: [
      'containers that are created and not yet started, which wait alike',
      'commands that are started in a container which runs (crictl exec)',
      'the pause of a sandbox that is being made',
      'containers of another containerd, of Docker, podman or CRI-O',
    ],
    severity: 'warning',
    tags: ['sandbox', 'orphan'],
    needs: ['containers', 'processes', 'host', 'endpoints', 'runtime'],
    wants: ['sandboxes'],
    messages: {
      exited:
        'A start of {{container}} in {{pod}} was broken off: the runtime calls it exited, and process {{pid}} still waits to begin',
      unlisted:
        'A start of container {{container}} in {{pod}} was broken off: the runtime knows no such container, and process {{pid}} still waits to begin',
    },
    references: [],
  },
  run({ containers, processes, host, endpoints, sandboxes }, { minAgeMs }) {
    const shims = new Map(
      [...shimsOf(processes, endpoints.chosen?.path ?? '')].map(([sandbox, { pid }]) => [pid, sandbox]),
    );
    const listed = new Map(containers.map((c) => [c.id, c]));
    const pods = completeValue(sandboxes) ?? [];
    return processes.flatMap((process) => {
      const { containerId: id, ppid, comm } = process;
      const sandbox = shims.get(ppid);
      if (comm !== RUNC_WAITS || id === null || sandbox === undefined || sandbox === id) return [];
      const container = listed.get(id);
      const isLeft = container === undefined || container.state === 'exited';
      if (!isLeft || !isAlive(process) || ageOf(host, process) < minAgeMs) return [];
      return [finding({ process, id, container, sandbox, pods, endpoints })];
    });
  },
});

interface Left {
  process: Process;
  id: string;
  container: Container | undefined;
  /** Id. */
  sandbox: string;
  pods: readonly Sandbox[];
  endpoints: EndpointsFact;
}

function finding({ process, id, container, sandbox, pods, endpoints }: Left): Finding {
  const pod = sandboxName(sandbox, pods.find((one) => one.id === sandbox) ?? null);
  const name = container?.name ?? id.slice(0, 13);
  const { pid, startTicks } = process;
  return {
    messageId: container ? 'exited' : 'unlisted',
    subject: { kind: 'container', id, name: `${pod}/${name}` },
    data: { container: name, pod, sandbox, pid, startTicks },
    evidence: [
      { fact: 'processes', at: `/proc/${pid}`, value: `${process.comm}, child of the shim ${process.ppid}` },
      { fact: 'containers', at: `container ${id.slice(0, 13)}`, value: container ? 'EXITED' : 'not listed' },
    ],
    advice: [
      {
        title: 'End it: it never began, and nothing else waits for it',
        risk: 'safe',
        commands: [ctr(endpoints, 'tasks', 'rm', '-f', id), ['kill', '-KILL', String(pid)]],
      },
    ],
  };
}
