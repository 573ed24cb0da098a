import {
  crictl,
  defineCheck,
  type Finding,
  type LostBridge,
  lostBridges,
  onNode,
  podAttachments,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/bridge-lost',
    title: 'The bridge that pods need is there, and up',
    failureTitle: 'The bridge of running pods is gone or down',
    why: 'Everything that goes to or from the pods of a bridge goes through it. The bridge plugin makes it with the next pod, but the pods that run stay outside of it.',
    proof:
      'The host end of the veth of a ready sandbox is in a bridge that is down; or it is in none, the cached result of ADD names a bridge, and no link of the node has that name.',
    neverReports: [
      'a bridge without pods, which the next pod makes or raises',
      'a bridge that was given another name: its ports are still in it',
      'networks whose plugins use no bridge',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['sandboxes', 'networks', 'cniCache', 'pins', 'processes', 'host', 'endpoints'],
    wants: ['store', 'bundles', 'containers'],
    messages: {
      gone: '{{pods}} can neither be reached nor reach others: bridge {{bridge}} is gone',
      down: '{{pods}} can neither be reached nor reach others: bridge {{bridge}} is down',
    },
    explains: [{ check: 'canary/*', same: 'network' }],
    references: ['https://www.cni.dev/plugins/current/main/bridge/'],
  },
  run(facts, { minAgeMs }) {
    const { seen, problems } = podAttachments(sandboxViews(facts), facts, minAgeMs);
    const findings = lostBridges(seen).map((one) => {
      const up = onNode(facts, 'ip', 'link', 'set', 'dev', one.name, 'up');
      return finding(one, up, crictl(facts.endpoints, 'stopp', one.attachments[0]?.view.id ?? ''));
    });
    return { findings, problems };
  },
});

function finding({ name, network, link, attachments }: LostBridge, up: string[], anew: string[]): Finding {
  const [first, ...others] = attachments.map(({ view }) => sandboxName(view.id, view.meta));
  return {
    messageId: link === null ? 'gone' : 'down',
    subject: { kind: 'link', id: name },
    data: {
      pods: others.length === 0 ? String(first) : `${attachments.length} pods`,
      ...{
        bridge: name,
        network,
        index: link?.index ?? 0,
        mac: link?.mac ?? '',
        peerIndex: link?.peerIndex ?? 0,
      },
    },
    evidence: [
      { fact: 'networks', at: `ip link show dev ${name}`, value: link === null ? 'no such link' : 'down' },
      ...attachments.slice(0, 3).map(({ entry, loss }) => ({
        fact: 'cniCache' as const,
        at: entry.path,
        value: `${loss.end?.name} in ${name}`,
      })),
    ],
    advice: [
      link === null
        ? {
            title:
              'Have one of them made anew, which makes the bridge; then put the links of the others into it',
            risk: 'disruptive',
            commands: [anew, ['podctl', 'doctor', 'cni/attachment-lost', '--fix']],
          }
        : { title: 'Bring it up', risk: 'safe', commands: [up] },
    ],
  };
}
