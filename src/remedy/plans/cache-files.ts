import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { cacheRemovals, releases } from './attachments.ts';
import { notPossible } from './known.ts';
import { placeOf } from './leaked-reservation.ts';
import { wasChanged } from './netns-leaked.ts';
import { sceneOf } from './scene.ts';

export const cacheOrphaned: Remedy = {
  check: 'cni/cache-orphaned',
  messages: null,
  kind: 'ipam',
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const { finding, check } = request;
    const found = scene.entries.find(({ path }) => path === finding.subject.id);
    if (!found) return notPossible('the file is not there any more', 'look again');
    // An empty file tells nothing: its name does, as the finding has it.
    const entry = { ...found, containerId: String(finding.data.container ?? found.containerId) };
    const { netns, guards } = placeOf(scene, entry.containerId, entry.netns);
    const released = releases(request, scene, [entry], netns, guards);
    const removed = cacheRemovals(request, scene, [entry]);
    const changed = [...released.changed, ...removed.changed];
    if (changed.length > 0) return wasChanged([...new Set(changed)]);
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, [...released.drafts, ...removed.drafts]) };
  },
};

/** Nobody can read what is in it, its owner least of all: without it the network is taken down by configuration. */
export const cacheDamaged: Remedy = {
  check: 'cni/cache-damaged',
  messages: ['blocks', 'mayBlock'],
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const { finding, check } = request;
    const entry = scene.entries.find(({ path }) => path === finding.subject.id);
    const file = entry && request.identify(entry.path, entry.mtime);
    if (!entry || !file) return wasChanged([finding.subject.id]);
    const container = String(finding.data.container ?? '');
    const draft = step({ kind: 'remove-file', path: entry.path, file, lock: '' }, 'nobody can read it', {
      guards: [
        { kind: 'no-plugin-runs', id: container, netns: '' },
        { kind: 'file-is', path: entry.path, file },
      ],
    });
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, [draft]) };
  },
};
