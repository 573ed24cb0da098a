import type { Action, Guard } from '../../model/plan.ts';
import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known, notPossible } from './known.ts';

/** The host end of a veth is put back where the plugin had it: nothing else was set up for it. */
export const attachmentLost: Remedy = {
  check: 'cni/attachment-lost',
  messages: ['endDown', 'unbridged'],
  kind: null,
  plan(request) {
    const { finding, check, takenAt } = request;
    const found = known(request, 'networks');
    if ('refusal' in found) return found;
    const { ns } = found.known.networks.host;
    const { data } = finding;
    if (data.isMendable !== true)
      return notPossible(
        'its plugin sets up the ports of the bridge (hairpin, VLAN or isolation), or cannot be seen',
        'stop the sandbox, and let kubelet make it anew',
      );
    const link = { name: String(data.link), index: Number(data.index), mac: String(data.mac) };
    const bridge = { name: String(data.bridge), index: Number(data.bridgeIndex) };
    const guards: Guard[] = [
      { kind: 'namespace-is', path: '/proc/self/ns/net', ns },
      { kind: 'link-is', ...link, peerIndex: Number(data.peerIndex) },
    ];
    const joins = finding.messageId === 'unbridged';
    if (joins)
      guards.push(
        { kind: 'masterless', name: link.name, index: link.index },
        { kind: 'link-is', ...bridge, mac: String(data.bridgeMac), peerIndex: Number(data.bridgePeer) },
      );
    const action: Action = { kind: 'set-link', ...link, bridge: joins ? bridge : null, up: !joins };
    const because = joins ? `it is in no bridge, and CNI had put it into ${bridge.name}` : 'it is down';
    const what = { remedy: check, risk: 'safe', subject: finding.subject } as const;
    return {
      plan: planOf({ ...what, basedOn: `the look of ${takenAt}` }, [step(action, because, { guards })]),
    };
  },
};
