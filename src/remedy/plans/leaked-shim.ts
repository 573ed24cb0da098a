import { kill, planOf } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known, notPossible } from './known.ts';
import { ociStateGone } from './oci-state.ts';
import { ownerless, sceneOf } from './scene.ts';

/** It ignores every other signal. */
export const leakedShim: Remedy = {
  check: 'sandbox/leaked-shim',
  messages: null,
  kind: 'shims',
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'processes');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const id = finding.subject.id;
    const shim = found.known.processes.find(
      (process) => process.pid === finding.data.pid && process.shim?.id === id,
    );
    if (!shim) return notPossible('the shim is gone', 'look again');
    const process = { pid: shim.pid, startTicks: shim.startTicks };
    const guards = ownerless(scene, id);
    const end = {
      ...kill(process, `shim of ${id.slice(0, 13)}`, 'it serves nobody'),
      guards: [...guards, { kind: 'process-is', process }, { kind: 'childless', process }] as const,
    };
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, [{ ...end, guards: [...end.guards] }, ociStateGone(request, id, guards)]) };
  },
};
