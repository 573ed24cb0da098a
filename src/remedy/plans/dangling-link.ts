import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { notPossible } from './known.ts';
import { ownerlessPin, pinAt, sceneOf } from './scene.ts';

/** The other end goes with it; the namespace that it is in has a finding of its own. */
export const danglingLink: Remedy = {
  check: 'cni/dangling-link',
  messages: null,
  kind: 'links',
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const { finding, check } = request;
    const { index, mac, peerIndex, path } = finding.data;
    const pin = pinAt(scene, String(path));
    if (!pin || pin.ns === null) return notPossible('the namespace that it leads into is gone', 'look again');
    const link = { name: finding.subject.id, index: Number(index), mac: String(mac) };
    const draft = step({ kind: 'delete-link', ...link }, `it leads into ${pin.path}, where nobody is`, {
      guards: [
        { kind: 'link-is', ...link, peerIndex: Number(peerIndex) },
        ...ownerlessPin(scene, pin.path, pin.ns),
      ],
    });
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, [draft]) };
  },
};
