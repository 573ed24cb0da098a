import type { FactName } from '../../model/facts.ts';
import { holeOf } from '../../model/outcome.ts';
import type { NodePicture, PicturePlace, PicturePod, PictureUplink } from '../../model/picture.ts';
import type { Report } from '../../model/report.ts';
import { namespaceOwners } from '../namespace-owners.ts';
import { factOf, type PodView, podViews, type Seen } from '../pod-view.ts';
import { type Hanging, hangingOf, type NodeSide, nodeSide } from './cable.ts';
import { type Marks, marksOf } from './marks.ts';
import { picturePod } from './pod.ts';

/** Without these the picture lacks pods, or what connects them. */
const SHOWN: readonly FactName[] = ['sandboxes', 'containers', 'processes', 'networks'];
const KINDS: readonly PicturePlace['kind'][] = ['bridge', 'veth', 'other', 'node', 'none'];

/** A node as it can be drawn, from what was seen and what was found. `only`: this pod alone, and what it hangs on. */
export function nodePicture(
  seen: Seen,
  checks: Report['checks'],
  only: (pod: PodView) => boolean = () => true,
): NodePicture {
  const all = podViews(seen);
  const side = nodeSide(seen);
  const shown = all.filter(only).map((pod) => ({ pod, hanging: hangingOf(side, pod) }));
  const marks = marksOf(seen, all, shownLinks(side), checks);
  const whole = shown.length === all.length;
  const host = factOf(seen, 'host');
  const runtime = factOf(seen, 'runtime');
  return {
    node: host?.hostname ?? '',
    about: [
      ...(runtime ? [`${runtime.name} ${runtime.version}`] : []),
      ...(host ? [`kernel ${host.kernel}`] : []),
    ],
    uplinks: uplinksOf(seen),
    orphans: whole ? marks.orphans : [],
    places: placesOf(seen, all, shown, side, marks),
    marks: whole ? marks.node : [],
    unseen: SHOWN.flatMap((name) => {
      const why = holeOf(name, seen[name]);
      return why === '' ? [] : [seen[name] ? `${name} not seen: ${why}` : why];
    }),
  };
}

/** Bridges, and veths: what else there is on the node is no part of a pod. */
function shownLinks({ byName }: NodeSide): Set<string> {
  const links = [...byName.values()];
  const led = links.filter(({ kind, peerNetnsId }) => kind === 'veth' && peerNetnsId >= 0);
  const bridges = links.filter(({ kind }) => kind === 'bridge');
  return new Set([...led, ...bridges].map(({ name }) => name));
}

type Shown = { pod: PodView; hanging: Hanging }[];

function placesOf(
  seen: Seen,
  all: readonly PodView[],
  shown: Shown,
  side: NodeSide,
  marks: Marks,
): PicturePlace[] {
  const whose = namespaceOwners(seen, all);
  const places = new Map<string, PicturePlace>();
  for (const { pod, hanging } of shown) {
    const key = `${hanging.kind} ${hanging.bridge}`;
    const place = places.get(key) ?? emptyPlace(seen, hanging, side, marks);
    place.pods.push(picturePod(seen, pod, hanging, marks, whose));
    places.set(key, place);
  }
  for (const { pods } of places.values()) pods.sort((a, b) => sickness(b) - sickness(a) || order(a, b));
  return [...places.values()].sort(
    (a, b) =>
      sickFirst(isSick(a), isSick(b)) ||
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
      b.pods.length - a.pods.length ||
      (a.name < b.name ? -1 : 1),
  );
}

function emptyPlace(seen: Seen, { kind, bridge }: Hanging, { byName }: NodeSide, marks: Marks): PicturePlace {
  const link = byName.get(bridge);
  const looked = factOf(seen, 'networks')?.host.seen;
  const broken = bridge === '' || !looked ? '' : link ? (link.up ? '' : 'down') : 'missing';
  const own = looked?.addresses.filter((a) => a.link === link?.index && !a.address.startsWith('fe80:')) ?? [];
  return {
    kind,
    name: bridge,
    addresses: own.map(({ address, prefix }) => `${address}/${prefix}`),
    broken,
    marks: marks.byLink.get(bridge) ?? [],
    pods: [],
  };
}

function uplinksOf(seen: Seen): PictureUplink[] {
  const host = factOf(seen, 'networks')?.host.seen;
  if (!host) return [];
  const out = new Set(
    host.routes.filter((r) => /^(0\.0\.0\.0|::)\/0$/.test(r.destination)).map((r) => r.link),
  );
  return host.links
    .filter(({ loopback, kind }) => !loopback && kind !== 'veth' && kind !== 'bridge')
    .map(({ index, name, up }) => ({
      name,
      up,
      leadsOut: out.has(index),
      addresses: host.addresses
        .filter((a) => a.link === index && !a.address.startsWith('fe80:'))
        .map(({ address, prefix }) => `${address}/${prefix}`),
    }))
    .filter(({ addresses, leadsOut }) => addresses.length > 0 || leadsOut)
    .sort((a, b) => Number(b.leadsOut) - Number(a.leadsOut) || (a.name < b.name ? -1 : 1));
}

function isSick({ broken, marks, pods }: PicturePlace): boolean {
  return broken !== '' || marks.length > 0 || pods.some(({ sick }) => sick);
}

function sickness({ sick, marks, containers }: PicturePod): number {
  const errs = [...marks, ...containers.flatMap((c) => c.marks)].some(({ severity }) => severity === 'error');
  return errs ? 2 : Number(sick);
}

function sickFirst(a: boolean, b: boolean): number {
  return Number(b) - Number(a);
}

function order(a: { title: string; id: string }, b: { title: string; id: string }): number {
  const [one, other] = a.title === b.title ? [a.id, b.id] : [a.title, b.title];
  return one < other ? -1 : 1;
}
