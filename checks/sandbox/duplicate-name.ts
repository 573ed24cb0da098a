import {
  completeValue,
  ctr,
  type Daemon,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HostFact,
  type Judgement,
  type Outcome,
  type RuntimeConfigFact,
  type RuntimeFact,
  type RuntimeLog,
  type SandboxView,
  type StoreFact,
  sandboxName,
  sandboxViews,
  servingDaemon,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/duplicate-name',
    title: 'Every sandbox name is recorded once',
    failureTitle: 'Two sandbox records have one name',
    why: 'containerd notices only when it starts, and then it ends: the node stays NotReady, and each further start may kill healthy pauses. The record that is dead must go while containerd still runs.',
    proof:
      "Two records of sandboxes in containerd's own store have the same reserved name, which holds the pod, its uid and the attempt. Bundles, shims and processes tell which of them lives.",
    neverReports: [
      'several attempts of one pod: their names differ',
      'records whose metadata cannot be read',
    ],
    severity: 'error',
    tags: ['sandbox'],
    needs: ['processes', 'endpoints'],
    wants: ['store', 'sandboxes', 'bundles', 'runtime', 'runtimeLog', 'daemons', 'runtimeConfig', 'host'],
    messages: {
      oneLives:
        'containerd will not start again: {{count}} records have the name {{name}}; {{dead}} has no process',
      allDead:
        'containerd will not start again: {{count}} records have the name {{name}}, and none of them has a process',
      allLive:
        'containerd will not start again: {{count}} records have the name {{name}}, and all of them run',
      doesNotStart:
        'containerd does not start: two of its records have the name {{name}}, and it ends as soon as it has read the second; each further start may kill healthy pauses',
      unsure:
        'containerd will not start again: {{count}} records have the name {{name}}; which of them lives cannot be seen',
    },
    explains: [{ check: 'runtime/unreachable' }],
    references: [
      'https://github.com/containerd/containerd/issues/6095',
      'https://github.com/containerd/containerd/issues/13609',
    ],
  },
  run(facts) {
    if (facts.store.status !== 'complete') return whileDown(facts);
    const store = facts.store.value;
    const views = new Map(sandboxViews(facts).map((view) => [view.id, view]));
    const byName = new Map<string, SandboxView[]>();
    for (const { id, kind, name } of store.records) {
      const view = kind === 'sandbox' && name !== null ? views.get(id) : undefined;
      if (view && name !== null) byName.set(name, [...(byName.get(name) ?? []), view]);
    }
    const sure = completeValue(facts.bundles) !== undefined;
    return [...byName]
      .filter(([, group]) => group.length > 1)
      .map(([name, group]) => finding(name, group, sure, facts.endpoints));
  },
});

function finding(name: string, group: SandboxView[], sure: boolean, endpoints: EndpointsFact): Finding {
  const dead = group.filter((view) => !lives(view));
  const ids = (views: SandboxView[]) => views.map((v) => v.id).join(' ');
  const only = sure && dead.length === group.length - 1;
  const id = (dead[0] ?? group[0])?.id ?? '';
  const meta = group.find((view) => view.meta !== null)?.meta ?? null;
  return {
    messageId: messageOf(group, dead, sure),
    subject: { kind: 'sandbox', id, name: meta ? sandboxName(id, meta) : name },
    data: {
      name,
      count: group.length,
      ids: ids(group),
      deadIds: sure ? ids(dead) : '',
      dead: dead.map((v) => v.id.slice(0, 13)).join(', '),
    },
    evidence: group.map((view) => ({
      fact: 'store',
      at: `record ${view.id.slice(0, 13)}`,
      value: stateOf(view),
    })),
    advice: only
      ? [
          {
            title: 'Delete the record that has no process, before containerd is restarted',
            risk: 'destructive',
            commands: dead.map((view) => ctr(endpoints, 'containers', 'rm', view.id)),
          },
        ]
      : [],
  };
}

interface Down {
  endpoints: EndpointsFact;
  store: Outcome<StoreFact>;
  runtime: Outcome<RuntimeFact>;
  runtimeLog: Outcome<RuntimeLog[]>;
  daemons: Outcome<Daemon[]>;
  runtimeConfig: Outcome<RuntimeConfigFact>;
  host: Outcome<HostFact>;
}

/** It answers nothing then, but its log says why it ended; one that answers says this of names that are in use. */
function whileDown(facts: Down): Finding[] | Judgement {
  const { store, runtime, runtimeLog, endpoints } = facts;
  if (store.status === 'absent') return { findings: [], problems: [], skipped: store.reason };
  const problems = store.status === 'failed' ? [store.problem] : [];
  if (runtime.status !== 'failed') return { findings: [], problems };
  const daemon = servingDaemon(
    endpoints.chosen?.path ?? '',
    completeValue(facts.daemons),
    completeValue(facts.runtimeConfig),
    completeValue(facts.host),
  );
  const logs = (completeValue(runtimeLog) ?? []).filter(({ pid }) => pid === null || pid === daemon?.pid);
  const log = logs.find(({ events }) => events.some(({ kind }) => kind === 'name-reserved'));
  const said = log?.events.findLast(({ kind }) => kind === 'name-reserved');
  const { name, holder } = said?.fields ?? {};
  if (log === undefined || said === undefined || name === undefined) return { findings: [], problems };
  const evidence = { at: log.source, value: `name "${name}" is reserved for "${holder}"` };
  return [
    {
      messageId: 'doesNotStart',
      subject: { kind: 'runtime', id: endpoints.chosen?.path ?? '', name },
      data: { name, holder: holder ?? '', times: said.count },
      evidence: [{ fact: 'runtimeLog', ...evidence }],
      advice: [
        {
          title: 'First of all end the restarts',
          risk: 'safe',
          commands: [['systemctl', 'stop', 'containerd']],
        },
        {
          title:
            'Then start it with disabled_plugins = ["io.containerd.grpc.v1.cri"] in config.toml, delete the record of that name that has no task, and start it as before',
          risk: 'destructive',
          commands: [
            ctr(endpoints, 'containers', 'ls'),
            ctr(endpoints, 'tasks', 'ls'),
            ctr(endpoints, 'containers', 'info', holder ?? ''),
            ctr(endpoints, 'containers', 'rm', 'ID'),
          ],
        },
      ],
    },
  ];
}

function lives({ pause, bundle, shim, members }: SandboxView): boolean {
  return pause !== null || bundle !== null || shim !== null || members.length > 0;
}

function messageOf(group: SandboxView[], dead: SandboxView[], sure: boolean): string {
  if (!sure) return 'unsure';
  if (dead.length === 0) return 'allLive';
  return dead.length === group.length ? 'allDead' : 'oneLives';
}

function stateOf(view: SandboxView): string {
  const { listed, pause, bundle } = view;
  const state = listed ? (listed.state === 'ready' ? 'READY' : 'NOTREADY') : 'not listed';
  return [state, pause ? `pause ${pause.pid}` : 'no pause', bundle ? 'bundle' : 'no bundle'].join('; ');
}
