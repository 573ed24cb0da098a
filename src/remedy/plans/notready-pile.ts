import type { Sandbox } from '../../model/facts.ts';
import { planOf } from '../draft.ts';
import type { Remedy, RemedyRequest } from '../remedy.ts';
import { removals } from './dead-removal.ts';
import { known, notPossible } from './known.ts';
import { kubeletOn, kubeletSilent } from './kubelet-word.ts';
import { sceneOf } from './scene.ts';

/** All but the latest of a pod, of which kubelet keeps the logs. */
export const notreadyPile: Remedy = {
  check: 'sandbox/notready-pile',
  messages: ['pile'],
  kind: 'sandboxes',
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'sandboxes');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const latest = found.known.sandboxes.find(({ id }) => id === finding.subject.id);
    if (!latest) return notPossible('the sandbox is not there any more', 'look again');
    const word = kubeletOn(request, latest.uid);
    if (word.says === 'silent') return kubeletSilent(word.why);
    const dead = olderOf(request, latest, found.known.sandboxes);
    const drafts = dead.flatMap(({ id }) => removals(scene.endpoint, id));
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return drafts.length > 0
      ? { plan: planOf(what, drafts) }
      : notPossible('none but the latest is left', 'look again');
  },
};

/** The very ones that the finding shows: others may be too young to be judged. The runtime lists in any order. */
function olderOf({ finding }: RemedyRequest, latest: Sandbox, sandboxes: readonly Sandbox[]): Sandbox[] {
  const shown = new Set(finding.evidence.map(({ at }) => at));
  return sandboxes
    .filter(
      ({ id, state, provider }) =>
        id !== latest.id &&
        state === 'notready' &&
        provider === undefined &&
        shown.has(`sandbox ${id.slice(0, 13)}`),
    )
    .sort((a, b) => a.attempt - b.attempt || (a.id < b.id ? -1 : 1));
}
