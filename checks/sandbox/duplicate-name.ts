import {
  completeValue,
  ctr,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type SandboxView,
  sandboxViews,
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
    needs: ['store', 'processes', 'endpoints'],
    wants: ['sandboxes', 'bundles'],
    messages: {
      oneLives:
        'containerd will not start again: {{count}} records have the name {{name}}; {{dead}} has no process',
      allDead:
        'containerd will not start again: {{count}} records have the name {{name}}, and none of them has a process',
      allLive:
        'containerd will not start again: {{count}} records have the name {{name}}, and all of them run',
      unsure:
        'containerd will not start again: {{count}} records have the name {{name}}; which of them lives cannot be seen',
    },
    references: [
      'https://github.com/containerd/containerd/issues/6095',
      'https://github.com/containerd/containerd/issues/13609',
    ],
  },
  run(facts) {
    const views = new Map(sandboxViews(facts).map((view) => [view.id, view]));
    const byName = new Map<string, SandboxView[]>();
    for (const { id, kind, name } of facts.store.records) {
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
  return {
    messageId: messageOf(group, dead, sure),
    subject: { kind: 'sandbox', id: (dead[0] ?? group[0])?.id ?? '', name },
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
