import type { Guard } from '../../model/plan.ts';
import { kill, planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known, notPossible } from './known.ts';
import { kubeletOn, kubeletSilent, podsFolder } from './kubelet-word.ts';
import { sceneOf } from './scene.ts';

/** What runs in the cgroup of a pod that nobody knows is ended, and the cgroup goes. */
export const cgroupOccupied: Remedy = {
  check: 'cgroup/occupied',
  messages: ['occupied'],
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'cgroups', 'processes', 'podOwners');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const cgroup = found.known.cgroups.find(({ path }) => path === finding.subject.id);
    if (!cgroup) return notPossible('the cgroup is gone', 'look again');
    const { path, uid, hierarchies } = cgroup;
    const word = kubeletOn(request, uid);
    if (word.says === 'known') return notPossible('kubelet knows its pod', 'leave it: kubelet ends it');
    if (word.says === 'silent' && found.known.podOwners.kubelet !== 'none') return kubeletSilent(word.why);
    const shown = new Set(finding.evidence.map(({ at }) => at));
    const inside = found.known.processes.filter((p) => p.podUid === uid && shown.has(`/proc/${p.pid}`));
    const unknown: Guard = {
      kind: 'pod-unknown',
      endpoint: scene.endpoint,
      uid,
      folder: podsFolder(request),
    };
    const ends = inside.map(({ pid, startTicks, comm }) => ({
      ...kill({ pid, startTicks }, comm, 'nobody knows its pod, and its cgroup cannot go before it'),
      guards: [unknown, { kind: 'process-in' as const, process: { pid, startTicks }, cgroup: path }],
    }));
    const removal = step({ kind: 'remove-cgroup', path, hierarchies }, 'no process is in it any more', {
      guards: [unknown, { kind: 'cgroup-empty', path, hierarchies }],
    });
    const what = { remedy: check, subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf({ ...what, risk: 'destructive' }, [...ends, removal]) };
  },
};
