import { type Draft, planOf, step } from '../draft.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import { known, notPossible } from './known.ts';
import { kubeletOn, kubeletSilent } from './kubelet-word.ts';
import { sceneOf } from './scene.ts';

/** Stops and removes a sandbox of which nothing runs. One that is refused does not keep the others. */
export function removals(endpoint: string, sandbox: string): Draft[] {
  const guards: Draft['guards'] = [
    { kind: 'no-plugin-runs', id: sandbox, netns: '' },
    { kind: 'sandbox-dead', endpoint, id: sandbox },
  ];
  const more = { guards, onFailure: 'go-on' } as const;
  return [
    step({ kind: 'stop-sandbox', endpoint, sandbox }, 'its network is taken down with it', more),
    step({ kind: 'remove-sandbox', endpoint, sandbox }, 'its name and its record are free', more),
  ];
}

/** Of a pod that kubelet does not know, or has a later attempt of: else the attempt is kubelet's to end. */
function plan(request: RemedyRequest): Planned {
  const scene = sceneOf(request);
  if ('refusal' in scene) return scene;
  const found = known(request, 'sandboxes');
  if ('refusal' in found) return found;
  const { sandboxes } = found.known;
  const { finding, check } = request;
  const dead = sandboxes.find(({ id }) => id === finding.subject.id);
  if (!dead) return notPossible('the sandbox is not there any more', 'look again');
  const isOld = sandboxes.some(({ uid, attempt }) => uid === dead.uid && attempt > dead.attempt);
  const word = isOld ? { says: 'unknown' as const } : kubeletOn(request, dead.uid);
  if (word.says === 'silent') return kubeletSilent(word.why);
  if (word.says === 'known')
    return notPossible('it is the latest attempt of a pod that kubelet has', 'delete the pod');
  const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
  return { plan: planOf(what, removals(scene.endpoint, dead.id)) };
}

/** A sandbox that could not be made, nor taken back, or that nobody has stopped. */
export const networkKept: Remedy = {
  check: 'sandbox/network-kept',
  messages: ['halfMade', 'unstopped'],
  kind: null,
  plan,
};

/** A sandbox of which half a record is left: it goes like any dead one. */
export const halfRecorded: Remedy = {
  check: 'sandbox/record-damaged',
  messages: ['half'],
  kind: null,
  plan,
};
