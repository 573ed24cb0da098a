import type { Guard } from '../../model/plan.ts';
import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known, notPossible } from './known.ts';
import { sceneOf } from './scene.ts';

/** What kubelet gives a container unless the pod says otherwise. */
const GRACE_MS = 30_000;

/** A container of unknown state can be stopped and removed, and nothing else; kubelet makes it anew. */
export const unknownContainer: Remedy = {
  check: 'sandbox/unknown-container',
  messages: null,
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'containers', 'sandboxes');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const { endpoint } = scene;
    const container = finding.subject.id;
    const one = found.known.containers.find(({ id }) => id === container);
    if (!one) return notPossible('the container is not there any more', 'look again');
    const { sandboxId: sandbox } = one;
    if (!found.known.sandboxes.some(({ id }) => id === sandbox))
      return notPossible(
        'its sandbox is not listed: containerd 2.x can crash when such a container is removed through CRI',
        `crictl stop ${container}; ctr -n k8s.io containers rm ${container}`,
      );
    const guards: Guard[] = [{ kind: 'container-is', endpoint, container, sandbox, state: 'unknown' }];
    const drafts = [
      step(
        { kind: 'stop-containers', endpoint, containers: [container], graceMs: GRACE_MS },
        'the runtime has lost its state, and starts or removes nothing of which it has none',
        { guards },
      ),
      step({ kind: 'remove-container', endpoint, container, log: '' }, 'kubelet can make it anew', {
        guards: [{ kind: 'container-is', endpoint, container, sandbox, state: 'exited' }],
      }),
    ];
    const risk = finding.messageId === 'runs' ? 'destructive' : 'safe';
    const what = { remedy: check, risk, subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, drafts) };
  },
};
