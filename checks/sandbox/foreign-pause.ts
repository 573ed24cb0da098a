import {
  byPid,
  defineCheck,
  type EndpointsFact,
  type Evidence,
  isAlive,
  type Process,
  sameRunPath,
  sandboxViews,
} from '../../src/api.ts';

/** What those call it who share namespaces: Kubernetes, Docker's composers and Nomad; podman. */
const NAMES = new Set(['pause', 'catatonit']);

export default defineCheck({
  meta: {
    id: 'sandbox/foreign-pause',
    title: "Every pause on the node is the runtime's or podctl's",
    failureTitle: 'Pauses of others run on the node',
    why: 'They look like pods that nothing manages, and end up in scripts that clean up. Each belongs to whoever started it, and its containers stop working without it.',
    proof:
      'Processes called pause or catatonit that are in no sandbox of the runtime and in none of podctl, with whose children they are.',
    neverReports: [
      "the runtime's own pauses, also such as it has forgotten: sandbox/orphaned-pause tells those",
    ],
    severity: 'info',
    tags: ['sandbox'],
    needs: ['processes', 'endpoints', 'host'],
    wants: ['sandboxes', 'containers', 'store', 'bundles', 'ownSandboxes'],
    messages: {
      foreign: '{{pauses}} to others ({{owners}}): harmless, because they have their own keepers',
    },
    references: [
      'https://github.com/hashicorp/nomad/issues/12216',
      'https://github.com/moby/moby/issues/50523',
    ],
  },
  run(facts) {
    const { processes, endpoints, host } = facts;
    const own = new Set(sandboxViews(facts).map(({ pause }) => pause?.pid));
    const foreign = processes
      .filter((one) => NAMES.has(one.comm) && isAlive(one) && !own.has(one.pid))
      .flatMap((one) => {
        const keeper = keeperOf(one, processes, endpoints);
        return keeper === null ? [] : [{ one, keeper }];
      });
    if (foreign.length === 0) return [];
    return [
      {
        messageId: 'foreign',
        subject: { kind: 'node', id: host.hostname },
        data: {
          pauses: foreign.length === 1 ? 'A pause belongs' : `${foreign.length} pauses belong`,
          owners: [...new Set(foreign.map(({ keeper }) => keeper))].sort().join(', '),
        },
        evidence: foreign.map(
          ({ one, keeper }): Evidence => ({
            fact: 'processes',
            at: `/proc/${one.pid}`,
            value: `${one.comm} of ${keeper}, in ${one.cgroup}`,
          }),
        ),
      },
    ];
  },
});

/** Who started it, by its ancestors; null for the runtime that is looked at. */
function keeperOf(pause: Process, processes: Process[], endpoints: EndpointsFact): string | null {
  const pids = byPid(processes);
  let parent = pids.get(pause.ppid);
  for (let steps = 0; parent !== undefined && steps < processes.length; steps += 1) {
    const { shim, comm } = parent;
    if (shim !== null) {
      if (shim.namespace === 'moby') return 'Docker';
      const isOurs = sameRunPath(shim.address, endpoints.chosen?.path ?? '');
      if (!isOurs) return 'another containerd';
      return shim.namespace === 'k8s.io' ? null : `containerd's namespace ${shim.namespace}`;
    }
    if (comm === 'conmon') return pause.podUid === null ? 'podman' : null;
    if (comm === 'podctl-ns') return null;
    parent = pids.get(parent.ppid);
  }
  return pause.containerId === null ? 'somebody' : 'a runtime that has ended';
}
