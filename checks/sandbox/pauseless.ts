import { completeValue, defineCheck, isOwn, sandboxName, sandboxViews } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/pauseless',
    title: 'Every ready sandbox has a pause',
    failureTitle: 'Ready sandboxes have no pause',
    why: 'Who knows pods from containerd takes such a sandbox for broken. CRI-O starts no pause, or ends it, where its containers do not share a PID namespace: it pins the namespaces instead.',
    proof:
      'CRI-O lists the sandbox as ready, its configuration has drop_infra_ctr, and no process of it is found.',
    neverReports: [
      'sandboxes of other runtimes: there a missing pause is a fault, which sandbox/anchor-lost tells',
    ],
    severity: 'info',
    tags: ['sandbox'],
    needs: ['runtime', 'processes', 'endpoints'],
    wants: ['runtimeConfig', 'sandboxes', 'bundles'],
    messages: {
      dropped:
        '{{pods}} without a pause: harmless, because CRI-O pins the namespaces and needs none (drop_infra_ctr)',
    },
    references: ['https://github.com/cri-o/cri-o/issues/8250'],
  },
  run(facts) {
    if (facts.runtime.name !== 'cri-o' || !completeValue(facts.runtimeConfig)?.dropsInfra) return [];
    const bare = sandboxViews(facts).filter(
      (view) => view.listed?.state === 'ready' && !isOwn(view) && view.pause === null,
    );
    const [first] = bare;
    if (first === undefined) return [];
    const names = bare.map(({ id, meta }) => sandboxName(id, meta));
    return [
      {
        messageId: 'dropped',
        subject: { kind: 'runtime', id: facts.runtime.endpoint },
        data: { pods: bare.length === 1 ? `${names[0]} runs` : `${bare.length} pods run` },
        evidence: bare.map(({ id, bundle }, i) => ({
          fact: 'sandboxes',
          at: `sandbox ${id.slice(0, 13)}`,
          value: `${names[i]}, ready${bundle?.namespaces?.net ? `; pinned at ${bundle.namespaces.net}` : ''}`,
        })),
      },
    ];
  },
});
