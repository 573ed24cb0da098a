import {
  type Anchors,
  ageOf,
  anchorsOf,
  completeValue,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  isOwn,
  type Member,
  type NsType,
  nsLink,
  type Problem,
  pinsByPath,
  problem,
  repairOwn,
  type SandboxView,
  SHARED_WITH_SANDBOX,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'netns/mismatch',
    title: "Containers share their sandbox's namespaces",
    failureTitle: 'A container is not in the namespaces of its sandbox',
    why: "The pod's address, its ports and its localhost belong to the sandbox's network namespace. A container elsewhere cannot be reached at the pod's address and does not see its sidecars, while every list says Running.",
    proof:
      "Device and inode of /proc/PID/ns/* of each running container's first process, against those of its sandbox's pause, or of the sandbox's pin where there is no pause. PID namespaces count when the sandbox shares one.",
    neverReports: [
      'hostNetwork, hostIPC and hostPID pods: their pause is in the same namespaces',
      'children of a container that made namespaces of their own, as browsers, builders and nested runtimes do',
      "a container that asks for the node's namespaces inside a pod that does not: runtimes ignore it",
      'processes brought in with nsenter, which are in no container',
    ],
    severity: 'error',
    tags: ['namespace'],
    needs: ['processes', 'host', 'endpoints'],
    wants: ['sandboxes', 'containers', 'store', 'bundles', 'pins', 'ownSandboxes'],
    messages: {
      otherNetns:
        "{{container}} of {{pod}} cannot be reached at the pod's address: it is in another network namespace",
      otherNamespace: '{{container}} of {{pod}} does not share the {{types}} namespace of its sandbox',
    },
    references: ['https://github.com/containerd/containerd/issues/5630'],
  },
  run(facts, { minAgeMs }) {
    const { host, bundles, pins, ownSandboxes } = facts;
    const views = sandboxViews(facts);
    const held = pinsByPath(completeValue(pins)?.pins ?? []);
    const asked = new Map(completeValue(bundles)?.map((b) => [b.id, b.namespaces]));
    const sharing = new Set(completeValue(ownSandboxes)?.flatMap((own) => (own.sharePid ? [own.id] : [])));
    const findings: Finding[] = [];
    const problems: Problem[] = [];
    for (const view of views) {
      const anchors = anchorsOf(view, held);
      for (const member of view.members) {
        // Without the list, a container that is being set up cannot be told from one that is running.
        if (member.listed === null && ageOf(host, member.init) < minAgeMs) continue;
        const withPid = sharing.has(view.id) || sharesPid(view, asked.get(member.id));
        const types = [...SHARED_WITH_SANDBOX, ...(withPid ? (['pid'] as const) : [])];
        const compared = types.filter((type) => anchors.has(type));
        const unread = compared.find((type) => member.init.ns[type] === null);
        if (unread)
          problems.push(problem('denied', `cannot read /proc/${member.init.pid}/ns/${unread}`, member.id));
        const differing = compared.filter(
          (type) => member.init.ns[type] !== null && member.init.ns[type] !== anchors.get(type)?.id,
        );
        if (differing.length > 0) findings.push(finding(facts.endpoints, view, member, differing, anchors));
      }
    }
    return { findings, problems };
  },
});

/** A shared PID namespace is judged where the container was made to join one: its own may be asked for too. */
function sharesPid(
  { record, pause }: SandboxView,
  asked: Partial<Record<NsType, string>> | null | undefined,
): boolean {
  // CRI-O keeps no record of modes: there the container was made to join the pause's.
  if (record === null && pause !== null && asked?.pid === `/proc/${pause.pid}/ns/pid`) return true;
  return record?.modes?.pid === 'pod' && (asked?.pid ?? '') !== '';
}

function finding(
  endpoints: EndpointsFact,
  view: SandboxView,
  member: Member,
  types: NsType[],
  anchors: Anchors,
): Finding {
  const pod = sandboxName(view.id, view.meta);
  const container = member.listed?.name ?? `container ${member.id.slice(0, 13)}`;
  return {
    messageId: types.includes('net') ? 'otherNetns' : 'otherNamespace',
    subject: { kind: 'container', id: member.id, name: `${pod}/${container}` },
    data: { container, pod, types: types.join(', '), pid: member.init.pid },
    evidence: types.flatMap((type) => {
      const own = member.init.ns[type];
      const anchor = anchors.get(type);
      return [
        ...(own
          ? [
              {
                fact: 'processes' as const,
                at: `/proc/${member.init.pid}/ns/${type}`,
                value: nsLink(type, own),
              },
            ]
          : []),
        ...(anchor
          ? [
              {
                fact: 'processes' as const,
                at: anchor.at,
                value: `${type}:[${anchor.id.split(':')[1]}] (sandbox)`,
              },
            ]
          : []),
      ];
    }),
    advice: [
      isOwn(view)
        ? {
            title: 'Start it again inside the sandbox (a running process cannot be moved)',
            risk: 'disruptive',
            commands: [repairOwn(view)],
          }
        : {
            title: 'Stop it: kubelet starts it again inside the sandbox (a running process cannot be moved)',
            risk: 'disruptive',
            commands: [crictl(endpoints, 'stop', member.id)],
          },
    ],
  };
}
