import { sandboxViews } from '../../derive/sandbox-view.ts';
import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known, notPossible } from './known.ts';
import { pinAt, sceneOf } from './scene.ts';

/** The upper mounts go, in the mount namespace of whoever has them; the sandbox's own pin stays. */
export const pinStacked: Remedy = {
  check: 'netns/pin-stacked',
  messages: ['stacked'],
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'pins', 'processes', 'endpoints', 'sandboxes');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const { pins, processes } = found.known;
    const pin = pinAt(scene, String(finding.data.path));
    if (!pin || pin.ns === null || !pin.stacked)
      return notPossible('nothing is stacked on the pin any more', 'look again');
    const view = sandboxViews(found.known).find(({ id }) => id === finding.subject.id);
    if (view?.pause && view.pause.ns.net !== pin.ns)
      return notPossible(
        'what is mounted there is not the namespace that its pause is in',
        'umount it by hand, and see what remains',
      );
    const seer = processes.find(({ pid }) => pid === pins.seenBy.pid);
    if (!seer) return notPossible('the process that has the mounts is gone', 'look again');
    const among = { pid: seer.pid, startTicks: seer.startTicks };
    const stack = { path: pin.path, ns: pin.ns, layers: pin.stacked, among };
    const draft = step(
      { kind: 'unstack', ...stack },
      'the runtime unmounts one alone, and then finds it busy',
      {
        guards: [{ kind: 'pin-stacked', ...stack }],
      },
    );
    const what = {
      remedy: check,
      risk: 'disruptive',
      subject: finding.subject,
      basedOn: scene.basedOn,
    } as const;
    return { plan: planOf(what, [draft]) };
  },
};
