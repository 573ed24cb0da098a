import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { entriesOf, reservationRemovals, reservationsOf } from './attachments.ts';
import { removals } from './dead-removal.ts';
import { known, notPossible } from './known.ts';
import { kubeletOn } from './kubelet-word.ts';
import { wasChanged } from './netns-leaked.ts';
import { ownerless, sceneOf } from './scene.ts';

/**
 * Without its note a delegating plugin takes an attachment for released already: the sandbox can be stopped. What
 * the one that it handed over to holds is freed once nobody owns the sandbox.
 */
export const delegateState: Remedy = {
  check: 'cni/delegate-state-damaged',
  messages: null,
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'cniAgents', 'sandboxes');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const { endpoint } = scene;
    const note = found.known.cniAgents.handedOver.find(({ path }) => path === finding.subject.id);
    const file = note && request.identify(note.path, note.mtime);
    if (!note || !file) return wasChanged([finding.subject.id]);
    const { path, containerId: id, plugin } = note;
    const sandbox = found.known.sandboxes.find((one) => one.id === id);
    if (sandbox?.state === 'ready')
      return notPossible('its sandbox runs, and needs the file only when it goes', 'delete the pod first');
    const away = step({ kind: 'remove-file', path, file, lock: '' }, `nobody can read it, ${plugin} least`, {
      guards: sandbox
        ? [
            { kind: 'no-plugin-runs', id, netns: '' },
            { kind: 'sandbox-dead', endpoint, id },
          ]
        : ownerless(scene, id),
    });
    const [stop, remove] = removals(endpoint, id);
    const isWanted = sandbox !== undefined && kubeletOn(request, sandbox.uid).says !== 'unknown';
    const entries = entriesOf(scene, ({ containerId }) => containerId === id);
    const freed = reservationRemovals(request, scene, isWanted ? [] : reservationsOf(scene, [id]));
    if (freed.changed.length > 0) return wasChanged(freed.changed);
    const drafts = [
      away,
      ...(sandbox && stop ? [stop] : []),
      ...(sandbox && remove && !isWanted ? [remove] : []),
      ...freed.drafts,
    ];
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    const held = entries.flatMap(({ addresses }) => addresses);
    const notes =
      isWanted && held.length > 0
        ? [`once kubelet has removed the sandbox, podctl gc ipam frees ${held.join(', ')}`]
        : [];
    return { plan: planOf({ ...what, notes }, drafts) };
  },
};
