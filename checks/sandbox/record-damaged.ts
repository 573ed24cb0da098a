import {
  ageOf,
  crictl,
  ctr,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type SandboxView,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/record-damaged',
    title: "The runtime's records of sandboxes are whole",
    failureTitle: 'Records of sandboxes are damaged',
    why: 'At its start containerd skips a sandbox whose record it cannot read: the pod runs on, but no list shows it, its name is free for a second one, and nothing ever stops it. Half a record is listed with a time in 1754.',
    proof:
      "containerd's own store has a record of a sandbox whose metadata cannot be decoded, or has it in the sandbox store alone while CRI lists it as not ready.",
    neverReports: [
      'a sandbox that is being made, of which the sandbox store knows first',
      'running sandboxes that an older containerd made, which the sandbox store lacks',
      'a clock that was wrong when a sandbox was made',
    ],
    severity: 'error',
    tags: ['sandbox'],
    needs: ['store', 'sandboxes', 'processes', 'host', 'endpoints'],
    wants: ['bundles', 'containers', 'runtime'],
    messages: {
      willVanish:
        'the record of {{pod}} cannot be read: it runs and is listed, but after the next restart of containerd nothing lists it',
      vanished:
        'the record of {{pod}} cannot be read: containerd skipped it at its start, so its name is free for a second pod while this one {{runs}}',
      believedDead:
        'the record of {{pod}} cannot be read: containerd lists it as not ready, and its name is free for a second pod while this one {{runs}}',
      half: 'of the record of {{pod}} only a half is left: containerd lists it as not ready, with a time in {{year}}, and {{held}}',
    },
    explains: [
      { check: 'sandbox/orphaned-pause', same: 'sandbox' },
      { check: 'sandbox/anchor-lost', same: 'sandbox' },
    ],
    references: [
      'https://github.com/containerd/containerd/issues/9459',
      'https://github.com/containerd/containerd/issues/10848',
    ],
  },
  run(facts, { minAgeMs }) {
    const { store, host, endpoints } = facts;
    const halves = new Map((store.halves ?? []).map((half) => [half.id, half]));
    return sandboxViews(facts).flatMap((view) => {
      const { id, listed, record, pause } = view;
      if (record?.name === null && host.now - record.createdAt >= minAgeMs)
        return [finding(view, messageOf(view), endpoints)];
      const half = halves.get(id);
      const isYoung = pause !== null && ageOf(host, pause) < minAgeMs;
      if (half && listed?.state === 'notready' && !isYoung && host.now - half.createdAt >= minAgeMs)
        return [finding(view, 'half', endpoints, half.netnsPath)];
      return [];
    });
  },
});

function messageOf({ listed }: SandboxView): 'willVanish' | 'vanished' | 'believedDead' {
  if (listed === null) return 'vanished';
  return listed.state === 'ready' ? 'willVanish' : 'believedDead';
}

const SEVERITY = {
  willVanish: 'warning',
  vanished: 'error',
  believedDead: 'error',
  half: 'warning',
} as const;

function finding(
  view: SandboxView,
  messageId: keyof typeof SEVERITY,
  endpoints: EndpointsFact,
  netns: string | null = null,
): Finding {
  const { id, listed, pause, shim, members, bundle, meta } = view;
  const pod = sandboxName(id, meta);
  const lives = pause !== null || members.length > 0;
  return {
    messageId,
    severity: messageId === 'half' || lives ? SEVERITY[messageId] : 'warning',
    subject: { kind: 'sandbox', id, name: pod },
    data: {
      pod,
      sandbox: id,
      runs: lives ? 'runs on' : 'is dead, but holds what it had',
      year: listed ? new Date(listed.createdAt).getUTCFullYear() : 0,
      held: netns === null ? 'holds its name' : `holds its name and ${netns}`,
    },
    evidence: [
      {
        fact: 'store',
        at: `record ${id.slice(0, 13)}`,
        value: messageId === 'half' ? 'in the sandbox store alone' : 'unreadable metadata',
      },
      {
        fact: 'sandboxes',
        at: `sandbox ${id.slice(0, 13)}`,
        value: listed ? (listed.state === 'ready' ? 'READY' : 'NOTREADY') : 'not listed',
      },
      ...[pause, shim].flatMap((process) =>
        process ? [{ fact: 'processes' as const, at: `/proc/${process.pid}`, value: process.comm }] : [],
      ),
    ],
    advice: [adviceOf(id, messageId, bundle !== null, endpoints)],
  };
}

function adviceOf(
  id: string,
  messageId: keyof typeof SEVERITY,
  hasTask: boolean,
  endpoints: EndpointsFact,
): NonNullable<Finding['advice']>[number] {
  const remove = [crictl(endpoints, 'stopp', id), crictl(endpoints, 'rmp', id)];
  if (messageId === 'willVanish')
    return {
      title: 'Delete the pod before containerd is restarted: now it can still be stopped',
      risk: 'destructive',
      commands: remove,
    };
  if (messageId === 'half') return { title: 'Remove it', risk: 'disruptive', commands: remove };
  return {
    title: 'End it past CRI, then drop the record (its containers by crictl stop; crictl rm can crash 2.x)',
    risk: 'destructive',
    commands: [
      ...(hasTask ? [ctr(endpoints, 'tasks', 'kill', '-s', '9', id), ctr(endpoints, 'tasks', 'rm', id)] : []),
      ctr(endpoints, 'containers', 'rm', id),
    ],
  };
}
