import { CANARY_NAMESPACE, canaryMaker, crictl, defineCheck, isAlive, podctlGc } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'canary/left-behind',
    title: 'No canary was left behind',
    failureTitle: 'A canary was killed and left its sandbox behind',
    why: 'It holds an address and a few processes, and nobody comes back for it but the next canary.',
    proof:
      "A sandbox has the name and namespace of a canary's; the name says which process made it, and that one does not run any more.",
    neverReports: [
      'a canary that is on its way: its process runs',
      'sandboxes younger than --min-age',
      'pods of the same namespace with other names',
    ],
    severity: 'warning',
    tags: ['canary', 'orphan'],
    needs: ['sandboxes', 'processes', 'host', 'endpoints'],
    messages: { left: '{{name}} was left by a canary that was killed (process {{pid}})' },
    references: [],
  },
  run({ sandboxes, processes, host, endpoints }, { minAgeMs }) {
    return sandboxes.flatMap(({ id, name, namespace, createdAt, provider, state }) => {
      const maker = namespace === CANARY_NAMESPACE ? canaryMaker(name) : null;
      if (maker === null || host.now - createdAt < minAgeMs) return [];
      const { pid, startTicks } = maker;
      if (processes.some((p) => p.pid === pid && p.startTicks === startTicks && isAlive(p))) return [];
      const byHand =
        provider === 'podctl'
          ? [['podctl', 'sandbox', 'rm', '-f', name]]
          : [crictl(endpoints, 'stopp', id), crictl(endpoints, 'rmp', id)];
      return [
        {
          messageId: 'left',
          subject: { kind: 'sandbox', id, name: `${namespace}/${name}` },
          data: { name, pid, startTicks },
          evidence: [
            { fact: 'sandboxes', at: `sandbox ${id.slice(0, 13)}`, value: state },
            { fact: 'processes', at: `/proc/${pid}`, value: 'gone, or another process by now' },
          ],
          advice: [
            { title: 'Take it away', risk: 'disruptive', commands: [podctlGc(endpoints, 'sandboxes')] },
            { title: 'By hand', risk: 'disruptive', commands: byHand },
          ],
        },
      ];
    });
  },
});
