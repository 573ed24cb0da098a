import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { sceneOf } from './scene.ts';

/** Only while nothing is in it: the bridge plugin makes it anew, with the address that it wants. */
export const bridgeAddress: Remedy = {
  check: 'cni/bridge-address',
  messages: ['unused'],
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const { finding, check } = request;
    const { index, mac, peerIndex, has } = finding.data;
    const link = { name: finding.subject.id, index: Number(index), mac: String(mac) };
    const draft = step({ kind: 'delete-link', ...link }, `nothing is in it, and it keeps ${has}`, {
      guards: [
        { kind: 'link-is', ...link, peerIndex: Number(peerIndex) },
        { kind: 'portless', name: link.name, index: link.index },
      ],
    });
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, [draft]) };
  },
};
