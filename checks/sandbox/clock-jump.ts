import {
  byPid,
  clockWasSet,
  compareVersions,
  completeValue,
  crictl,
  dated,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HostFact,
  initProcesses,
  isInFuture,
  misordered,
  type Sandbox,
  sandboxName,
} from '../../src/api.ts';

/** From here on kubelet goes by the attempt, and not by the time. */
const BY_ATTEMPT = '1.35.0';

export default defineCheck({
  meta: {
    id: 'sandbox/clock-jump',
    title: 'Sandboxes were made in the order of their attempts, and not in the future',
    failureTitle: 'The clock was wrong when sandboxes were made',
    why: 'A kubelet before 1.35 takes the sandbox with the latest time for the current one. A dead one "from the future" stays the latest: the pod is made anew without end, under an attempt whose name is reserved.',
    proof:
      "The runtime's time of each sandbox against the node's clock, and against those of the same pod with other attempts.",
    neverReports: [
      'records that lost their time (before 2013)',
      'differences of less than two minutes to the clock, or a second between attempts',
      "podctl's own sandboxes",
    ],
    severity: 'warning',
    tags: ['sandbox'],
    needs: ['sandboxes', 'host', 'endpoints'],
    wants: ['kubelet', 'processes', 'bundles'],
    messages: {
      order:
        '{{pod}}: attempt {{attempt}} says that it was made {{ahead}} after attempt {{newest}}: a kubelet before 1.35 takes it for the current one',
      future: '{{pod}} was made in the future ({{created}}): the clock was set back since',
      set: "The node's clock was set since its sandboxes were made: ages of files are not to be trusted",
    },
    references: [
      'https://github.com/kubernetes/kubernetes/issues/127948',
      'https://github.com/kubernetes/kubernetes/issues/130551',
    ],
  },
  run({ sandboxes, host, endpoints, kubelet, processes, bundles }) {
    const version = completeValue(kubelet)?.version ?? null;
    const severity = version !== null && compareVersions(version, BY_ATTEMPT) < 0 ? 'error' : 'warning';
    const order = misordered(sandboxes);
    const told = new Set(order.map(({ sandbox }) => sandbox.id));
    const future = dated(sandboxes).filter((s) => !told.has(s.id) && isInFuture(host, s.createdAt));
    const findings: Finding[] = [
      ...order.map(
        ({ sandbox, newest }): Finding => ({
          ...about(sandbox, host, endpoints),
          messageId: 'order',
          severity,
          data: {
            ...dataOf(sandbox),
            newest: newest.attempt,
            ahead: duration(sandbox.createdAt - newest.createdAt),
          },
        }),
      ),
      ...future.map(
        (sandbox): Finding => ({
          ...about(sandbox, host, endpoints),
          messageId: 'future',
          severity: sandbox.state === 'ready' ? 'info' : 'warning',
          data: dataOf(sandbox),
        }),
      ),
    ];
    const list = completeValue(processes);
    if (findings.length > 0 || list === undefined) return findings;
    const inits = initProcesses(list, completeValue(bundles));
    const pauseOf = (id: string) => byPid(list).get(inits.get(id)?.pid ?? 0);
    return clockWasSet(host, dated(sandboxes), pauseOf) ? [wasSet(host)] : [];
  },
});

function dataOf(sandbox: Sandbox): Finding['data'] {
  const { id, uid, attempt, createdAt } = sandbox;
  return {
    pod: sandboxName(id, { ...sandbox, attempt: 0 }),
    sandbox: id,
    uid,
    attempt,
    created: iso(createdAt),
  };
}

function about(
  sandbox: Sandbox,
  host: HostFact,
  endpoints: EndpointsFact,
): Pick<Finding, 'subject' | 'evidence' | 'advice'> {
  const { id, state, createdAt } = sandbox;
  return {
    subject: { kind: 'sandbox', id, name: sandboxName(id, sandbox) },
    evidence: [
      {
        fact: 'sandboxes',
        at: `sandbox ${id.slice(0, 13)}`,
        value: `${state.toUpperCase()}, made ${iso(createdAt)}`,
      },
      { fact: 'host', at: 'the clock', value: iso(host.now) },
    ],
    advice: [
      {
        title:
          state === 'ready'
            ? 'See whether the clock is kept'
            : 'See that the clock is right, then remove the dead one',
        risk: 'disruptive',
        commands: [
          ['timedatectl', 'status'],
          ...(state === 'ready' ? [] : [crictl(endpoints, 'stopp', id), crictl(endpoints, 'rmp', id)]),
        ],
      },
    ],
  };
}

function wasSet(host: HostFact): Finding {
  return {
    messageId: 'set',
    severity: 'info',
    subject: { kind: 'node', id: host.hostname },
    data: { boot: iso(host.bootTime) },
    evidence: [{ fact: 'host', at: '/proc/stat', value: `boot by this clock: ${iso(host.bootTime)}` }],
  };
}

function iso(time: number): string {
  return new Date(Math.min(time, 8.64e15)).toISOString().replace(/\.\d+Z$/, 'Z');
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
