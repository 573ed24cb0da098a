import type { Guard } from '../../model/plan.ts';
import { kill, planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { ociStateGone } from './oci-state.ts';
import { sceneOf } from './scene.ts';

/** The task, where containerd still has one, then the process, then what runc keeps of it. */
export const abandonedStart: Remedy = {
  check: 'sandbox/abandoned-start',
  messages: null,
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const { finding, check } = request;
    const { endpoint } = scene;
    const container = finding.subject.id;
    const process = { pid: Number(finding.data.pid), startTicks: Number(finding.data.startTicks) };
    const guards: Guard[] = [{ kind: 'never-began', endpoint, container, process }];
    const what = `start of ${container.slice(0, 13)}`;
    const drafts = [
      step({ kind: 'end-task', endpoint, container }, 'it can keep the pod from being removed', { guards }),
      { ...kill(process, what, 'it waits for somebody who is gone'), guards },
      ociStateGone(request, container, guards),
    ];
    const plan = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(plan, drafts) };
  },
};
