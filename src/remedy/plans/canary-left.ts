import { canaryMaker } from '../../derive/canary-name.ts';
import type { Guard } from '../../model/plan.ts';
import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known, notPossible } from './known.ts';
import { sceneOf } from './scene.ts';

/** A canary's sandbox of the runtime, whose maker is gone. Kubelet never ordered it. */
export const canaryLeft: Remedy = {
  check: 'canary/left-behind',
  messages: null,
  kind: 'sandboxes',
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'sandboxes');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const sandbox = found.known.sandboxes.find(({ id }) => id === finding.subject.id);
    const maker = canaryMaker(sandbox?.name ?? '');
    if (sandbox === undefined || maker === null)
      return notPossible('the sandbox is not there any more', 'look again');
    const guards: Guard[] = [{ kind: 'process-gone', process: maker }];
    const place = { endpoint: scene.endpoint, sandbox: sandbox.id };
    const what = { remedy: check, subject: finding.subject, basedOn: scene.basedOn };
    return {
      plan: planOf({ ...what, risk: 'disruptive' }, [
        step({ kind: 'stop-sandbox', ...place }, 'whoever made it is gone', { guards }),
        step({ kind: 'remove-sandbox', ...place }, 'its name and its address are free', { guards }),
      ]),
    };
  },
};
