import { planOf } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { removals } from './dead-removal.ts';
import { known, notPossible } from './known.ts';
import { kubeletOn, kubeletSilent } from './kubelet-word.ts';
import { sceneOf } from './scene.ts';

/** The dead sandbox that says it is the latest goes; one that runs stays, and so does one without a later attempt. */
export const clockJump: Remedy = {
  check: 'sandbox/clock-jump',
  messages: ['order'],
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'sandboxes');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const { sandboxes } = found.known;
    const dead = sandboxes.find(({ id }) => id === finding.subject.id);
    if (!dead) return notPossible('the sandbox is not there any more', 'look again');
    if (dead.state === 'ready') return notPossible('the sandbox runs', 'wait until kubelet has ended it');
    if (!sandboxes.some(({ uid, attempt }) => uid === dead.uid && attempt > dead.attempt))
      return notPossible('its pod has no later attempt', 'look again');
    const word = kubeletOn(request, dead.uid);
    if (word.says === 'silent') return kubeletSilent(word.why);
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, removals(scene.endpoint, dead.id)) };
  },
};
