import path from 'node:path';
import { pinsBeside } from '../../derive/pins-beside.ts';
import type { Pin } from '../../model/facts.ts';
import type { Guard } from '../../model/plan.ts';
import { type Draft, planOf, step } from '../draft.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import {
  cacheRemovals,
  entriesOf,
  isAt,
  releases,
  reservationRemovals,
  reservationsOf,
} from './attachments.ts';
import { foreignDevices } from './devices.ts';
import { knownOrNot, notPossible } from './known.ts';
import { ownerlessPin, pinAt, type Scene, sceneOf } from './scene.ts';

/** DEL first, while the namespace exists: then plugins find what they made. Then the pin, then what they left. */
export const netnsLeaked: Remedy = {
  check: 'netns/leaked',
  messages: ['leaked'],
  kind: 'netns',
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const { finding, check } = request;
    const pin = pinAt(scene, finding.subject.id);
    if (!pin || pin.ns === null) return notPossible('the pin is not there any more', 'look again');
    const devices = foreignDevices(knownOrNot(request, 'networks'), pin.ns);
    if (devices !== null && !request.force.includes('devices-inside')) return inside(pin, devices);
    const { drafts, changed } = pinTakenAway(request, scene, pin, pin.ns);
    if (changed.length > 0) return wasChanged(changed);
    const what = { remedy: check, risk: 'safe', subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, drafts) };
  },
};

/** All that is left of a pinned namespace: its attachments, the pin itself, reservations and cache files. */
export function pinTakenAway(
  request: RemedyRequest,
  scene: Scene,
  pin: Pin,
  ns: NonNullable<Pin['ns']>,
  guards: Guard[] = ownerlessPin(scene, pin.path, ns),
): { drafts: Draft[]; changed: string[] } {
  const entries = entriesOf(scene, isAt(pin.path));
  const ids = [...new Set(entries.map(({ containerId }) => containerId))];
  const released = releases(request, scene, entries, pin.path, guards);
  const reserved = reservationRemovals(request, scene, reservationsOf(scene, ids));
  const cached = cacheRemovals(request, scene, entries);
  const unpin = step({ kind: 'unpin', path: pin.path, ns }, 'nobody is in it, and nobody owns it', {
    guards,
  });
  return {
    drafts: [
      ...released.drafts,
      unpin,
      ...siblings(request, scene, pin),
      ...reserved.drafts,
      ...cached.drafts,
    ],
    changed: [...released.changed, ...reserved.changed, ...cached.changed],
  };
}

/** podctl pins the other namespaces of its own sandboxes beside this one, CRI-O under the same name. */
function siblings(request: RemedyRequest, { pins }: Scene, pin: Pin): Draft[] {
  const isBeside = (other: Pin) => other !== pin && path.dirname(other.path) === path.dirname(pin.path);
  const beside =
    pin.scheme === 'podctl'
      ? pins.filter(isBeside)
      : pinsBeside(pin, pins, knownOrNot(request, 'processes') ?? []);
  return beside.map(({ path: at, ns }) =>
    step({ kind: 'unpin', path: at, ns }, 'it was pinned together with the network', {
      onFailure: 'go-on',
    }),
  );
}

function inside(pin: Pin, devices: string): Planned {
  const reason = `${devices} in ${pin.path}: a device of the node may be lost with the namespace`;
  const surer = `move it out (podctl netns ${pin.path} shows it), or --force devices-inside`;
  return { refusal: { name: 'devices-inside', reason, surer } };
}

export function wasChanged(paths: readonly string[]): Planned {
  return notPossible(`${paths.join(', ')} was changed since the look`, 'look again');
}
