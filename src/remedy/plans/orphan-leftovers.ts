import { type Draft, step } from '../draft.ts';
import type { RemedyRequest } from '../remedy.ts';
import {
  cacheRemovals,
  type Drafted,
  entriesOf,
  releases,
  reservationRemovals,
  reservationsOf,
} from './attachments.ts';
import { pinTakenAway } from './netns-leaked.ts';
import type { Orphan } from './orphan-ends.ts';
import { ownerless, pinAt } from './scene.ts';

/** What the dead leave: records, the pinned namespace with its attachments, reservations, cache files. */
export function leftoversOf(request: RemedyRequest, orphan: Orphan): Drafted {
  const { scene, view } = orphan;
  const pin = pinAt(scene, pathOf(orphan));
  const network =
    pin && pin.ns !== null ? pinTakenAway(request, scene, pin, pin.ns) : unpinned(request, orphan);
  return { drafts: [...recordsGone(orphan, view.id), ...network.drafts], changed: network.changed };
}

/** Where its network namespace was pinned, by whoever still tells. */
function pathOf({ scene, view }: Orphan): string {
  const cached = scene.entries.find(({ containerId, netns }) => containerId === view.id && netns !== '');
  return view.record?.netnsPath ?? view.bundle?.namespaces?.net ?? cached?.netns ?? '';
}

/** Records of containers go first: removing them through CRI without their sandbox can crash containerd 2.x. */
function recordsGone({ scene, view, hasRecord, recordsOf }: Orphan, sandbox: string): Draft[] {
  const { endpoint } = scene;
  const remove = step({ kind: 'remove-sandbox', endpoint, sandbox }, 'its name is free again', {
    guards: [{ kind: 'sandbox-unready', endpoint, id: sandbox }],
  });
  const members = [...view.members.map(({ id }) => id).filter(hasRecord), ...recordsOf(sandbox)];
  const ids = [...new Set(members), ...(hasRecord(sandbox) ? [sandbox] : [])];
  const records = ids.map((container) =>
    step({ kind: 'delete-store-record', endpoint, container }, 'nothing of it lives', {
      guards: [
        { kind: 'sandbox-unready', endpoint, id: sandbox },
        { kind: 'no-task', endpoint, container },
      ],
    }),
  );
  return [...(view.listed ? [remove] : []), ...records];
}

function unpinned(request: RemedyRequest, { scene, view }: Orphan): Drafted {
  const entries = entriesOf(scene, ({ containerId }) => containerId === view.id);
  const parts = [
    releases(request, scene, entries, '', ownerless(scene, view.id)),
    reservationRemovals(request, scene, reservationsOf(scene, [view.id])),
    cacheRemovals(request, scene, entries),
  ];
  return {
    drafts: parts.flatMap((part) => part.drafts),
    changed: parts.flatMap((part) => part.changed),
  };
}
