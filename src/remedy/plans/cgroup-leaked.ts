import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known, notPossible } from './known.ts';
import { kubeletOn, kubeletSilent, podsFolder } from './kubelet-word.ts';
import { sceneOf } from './scene.ts';

/** rmdir of an empty cgroup can hurt nobody but a pod that is about to be put into it. */
export const cgroupLeaked: Remedy = {
  check: 'cgroup/leaked',
  messages: null,
  kind: 'cgroups',
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'cgroups', 'podOwners');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const cgroup = found.known.cgroups.find(({ path }) => path === finding.subject.id);
    if (!cgroup) return notPossible('the cgroup is gone', 'look again');
    const { path, uid, hierarchies } = cgroup;
    const word = kubeletOn(request, uid);
    if (word.says === 'known') return notPossible('kubelet knows its pod', 'leave it: kubelet removes it');
    if (word.says === 'silent' && found.known.podOwners.kubelet !== 'none') return kubeletSilent(word.why);
    const draft = step(
      { kind: 'remove-cgroup', path, hierarchies },
      'no process is in it, and no pod has it',
      {
        guards: [
          { kind: 'pod-unknown', endpoint: scene.endpoint, uid, folder: podsFolder(request) },
          { kind: 'cgroup-empty', path, hierarchies },
        ],
      },
    );
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, [draft]) };
  },
};
