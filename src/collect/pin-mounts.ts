import path from 'node:path';
import { mountedNamespace, mountsOn, parseMountinfo } from '../host/mountinfo.ts';
import type { Pin, PinsFact } from '../model/facts.ts';

type Cover = NonNullable<PinsFact['covers']>[number];

const NSFS = new Set(['nsfs']);
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const SCHEMES: readonly [Exclude<Pin['scheme'], 'foreign'>, RegExp][] = [
  ['containerd', new RegExp(`/netns/cni-${UUID}$`)],
  ['crio', new RegExp(`/(?:net|ipc|uts|user|pid)ns/${UUID}$`)],
  ['podman', new RegExp(`/netns/netns-${UUID}$`)],
  ['podctl', /\/ns\/[0-9a-f]{64}\/(?:net|ipc|uts)$/],
];

/**
 * Pins by path, from a mountinfo text. Where several mounts are stacked on a path the youngest, which is
 * the one that shows, gives the namespace. None is confirmed yet.
 */
export function mountedPins(mountinfo: string): Map<string, Pin> {
  const pins = new Map<string, Pin>();
  const ids = new Map<string, Set<number>>();
  for (const mount of parseMountinfo(mountinfo, NSFS)) {
    const held = mountedNamespace(mount);
    if (held === null) continue;
    const at = mount.mountPoint;
    const below = ids.get(at) ?? new Set();
    const { mounts = 0, stacked = 0 } = pins.get(at) ?? {};
    const layers = stacked + Number(below.has(mount.parent));
    ids.set(at, below.add(mount.id));
    pins.set(at, {
      path: at,
      ...held,
      mounts: mounts + 1,
      ...(layers > 0 && { stacked: layers }),
      scheme: schemeOf(at),
      confirmed: false,
    });
  }
  return pins;
}

/** The folders of pins that something is mounted on. */
export function coversOf(mountinfo: string, folders: Iterable<string>): Cover[] {
  return [...folders].flatMap((folder) => {
    const top = mountsOn(mountinfo, folder).at(-1);
    return top ? [{ path: folder, self: top.root !== '/' && folder.endsWith(top.root) }] : [];
  });
}

/** Marks pins with mounts that a mount over their folder hides, and that do not go together with one that shows. */
export function markHidden(mountinfo: string, pins: Map<string, Pin>, covers: Cover[]): void {
  if (covers.length === 0) return;
  const mounts = parseMountinfo(mountinfo, NSFS);
  for (const { path: folder } of covers) {
    const top = mountsOn(mountinfo, folder).at(-1)?.id;
    const inside = mounts.filter(({ mountPoint }) => path.dirname(mountPoint) === folder);
    const shown = new Set(inside.filter(({ parent }) => parent === top).map(({ id }) => id));
    for (const { id, parent } of inside) if (shown.has(parent)) shown.add(id);
    const together = new Set(
      inside.flatMap(({ id, peers }) => (shown.has(id) && peers !== null ? [peers] : [])),
    );
    for (const { id, peers, mountPoint } of inside) {
      const pin = pins.get(mountPoint);
      if (!pin || shown.has(id) || (peers !== null && together.has(peers))) continue;
      pins.set(mountPoint, { ...pin, hidden: (pin.hidden ?? 0) + 1 });
    }
  }
}

/** Who names pins like that. A pin in a folder of another name is nobody's of these. */
export function schemeOf(path: string): Pin['scheme'] {
  return SCHEMES.find(([, pattern]) => pattern.test(path))?.[0] ?? 'foreign';
}
