import { nsLink } from '../../model/namespace.ts';
import type { Mark, PictureContainer, PicturePod } from '../../model/picture.ts';
import type { WhoseNamespace } from '../namespace-owners.ts';
import { podSummary } from '../pod-data.ts';
import { differencesOf } from '../pod-tree.ts';
import { factOf, type PodView, type Seen } from '../pod-view.ts';
import { isOwn } from '../sandbox-view.ts';
import type { Hanging } from './cable.ts';
import type { Marks } from './marks.ts';

/** One pod as it is drawn. */
export function picturePod(
  seen: Seen,
  pod: PodView,
  { cable }: Hanging,
  { byId, byLink }: Marks,
  whose: WhoseNamespace,
): PicturePod {
  const containers = pod.containers.map(
    (container): PictureContainer => ({
      id: container.id,
      name: container.name,
      state: container.state,
      pid: container.init?.pid ?? null,
      differs: differencesOf(seen, pod, container, whose).differs,
      marks: byId.get(container.id) ?? [],
    }),
  );
  const drawn: Omit<PicturePod, 'sick'> = {
    id: pod.id,
    title: pod.title,
    state: pod.state,
    addresses: podSummary(pod).addresses,
    pause: pauseOf(seen, pod),
    namespaces: [...pod.anchors].map(([type, { id, at }]) => ({ type, ns: nsLink(type, id), at })),
    containers,
    cable: cable && { ...cable, marks: byLink.get(cable.outside) ?? [] },
    marks: byId.get(pod.id) ?? [],
  };
  return { ...drawn, sick: isSick(drawn) };
}

function pauseOf(seen: Seen, pod: PodView): PicturePod['pause'] {
  if (pod.pause) return { state: 'runs', pid: pod.pause.pid };
  if (factOf(seen, 'processes') === undefined) return { state: 'unseen', pid: null };
  const runs = pod.containers.some(({ init }) => init !== null);
  if (pod.state === 'notready' && !runs) return { state: 'ended', pid: null };
  const drops = factOf(seen, 'runtimeConfig')?.dropsInfra ?? factOf(seen, 'runtime')?.name === 'cri-o';
  return { state: drops && !isOwn(pod) ? 'none' : 'dead', pid: null };
}

function isSick({ state, pause, containers, cable, marks }: Omit<PicturePod, 'sick'>): boolean {
  const all = [...marks, ...(cable?.marks ?? []), ...containers.flatMap((c) => c.marks)];
  return (
    all.some(isFault) ||
    state === 'unlisted' ||
    pause.state === 'dead' ||
    (cable?.broken ?? '') !== '' ||
    containers.some(({ differs }) => differs.length > 0)
  );
}

function isFault({ severity }: Mark): boolean {
  return severity !== 'info';
}
