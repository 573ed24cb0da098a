import { planOf, step } from '../draft.ts';
import type { Planned, Remedy } from '../remedy.ts';
import { notPossible } from './known.ts';
import { sceneOf } from './scene.ts';

/** The record without a task goes, past CRI: nothing of it lives, but containerd would not start with both. */
export const duplicateName: Remedy = {
  check: 'sandbox/duplicate-name',
  messages: null,
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const { finding, check } = request;
    const { endpoint } = scene;
    const dead = String(finding.data.deadIds ?? '')
      .split(' ')
      .filter((id) => id !== '');
    if (finding.messageId !== 'oneLives' || dead.length === 0) return undecided(finding.messageId);
    const drafts = dead.map((container) =>
      step(
        { kind: 'delete-store-record', endpoint, container },
        'nothing of it lives, and its name is used',
        {
          guards: [{ kind: 'no-task', endpoint, container }],
        },
      ),
    );
    const what = { remedy: check, subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf({ ...what, risk: 'destructive' }, drafts) };
  },
};

const WHY: Readonly<Record<string, string>> = {
  allLive: 'all of the records have processes: only their owner can say which is wanted',
  allDead: 'none of the records has a process: which of them kubelet wants is not known',
};

function undecided(messageId: string): Planned {
  return notPossible(
    WHY[messageId] ?? 'which of the records lives cannot be seen',
    'remove all but one with crictl stopp and crictl rmp before containerd is restarted',
  );
}
