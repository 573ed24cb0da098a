import type { Pin } from '../model/facts.ts';
import { mountedNamespace, parseMountinfo } from './mountinfo.ts';

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
  for (const mount of parseMountinfo(mountinfo, NSFS)) {
    const held = mountedNamespace(mount);
    if (held === null) continue;
    const path = mount.mountPoint;
    pins.set(path, {
      path,
      ...held,
      mounts: (pins.get(path)?.mounts ?? 0) + 1,
      scheme: schemeOf(path),
      confirmed: false,
    });
  }
  return pins;
}

/** Who names pins like that. A pin in a folder of another name is nobody's of these. */
export function schemeOf(path: string): Pin['scheme'] {
  return SCHEMES.find(([, pattern]) => pattern.test(path))?.[0] ?? 'foreign';
}
