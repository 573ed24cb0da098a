import type { Guard } from '../../model/plan.ts';
import { planOf } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { cacheRemovals, entriesOf, releases, reservationRemovals } from './attachments.ts';
import { notPossible } from './known.ts';
import { wasChanged } from './netns-leaked.ts';
import { ownerless, ownerlessPin, pinAt, type Scene, sceneOf } from './scene.ts';

/** By DEL where the cache still tells of the attachment: plugins hold more than an address. Else the file alone. */
export const leakedReservation: Remedy = {
  check: 'cni/leaked-reservation',
  messages: ['leaked', 'alone', 'kept', 'nameless'],
  kind: 'ipam',
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const { finding, check } = request;
    const reservation = scene.reservations.find(({ path }) => path === finding.subject.id);
    if (!reservation) return notPossible('the reservation is not there any more', 'look again');
    const id = reservation.containerId ?? '';
    const entries = entriesOf(
      scene,
      (entry) => id !== '' && entry.containerId === id && entry.network === reservation.network,
    );
    const { netns, guards } = placeOf(scene, id, entries[0]?.netns ?? '');
    const parts = [
      releases(request, scene, entries, netns, guards),
      reservationRemovals(request, scene, [reservation], () => (id === '' ? [] : guards)),
      cacheRemovals(request, scene, entries),
    ];
    const changed = parts.flatMap((part) => part.changed);
    if (changed.length > 0) return wasChanged(changed);
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return {
      plan: planOf(
        what,
        parts.flatMap((part) => part.drafts),
      ),
    };
  },
};

/** What DEL is told of the namespace, and what must be true of it. */
export function placeOf(scene: Scene, id: string, netns: string): { netns: string; guards: Guard[] } {
  const pin = netns === '' ? undefined : pinAt(scene, netns);
  const guards = ownerless(scene, id, netns);
  if (!pin || pin.ns === null) return { netns: '', guards };
  return { netns: pin.path, guards: [...guards, ...ownerlessPin(scene, pin.path, pin.ns)] };
}
