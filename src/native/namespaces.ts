import type { NsId } from '../model/namespace.ts';
import type { PinType } from '../model/plan.ts';
import { matching, oneOf, record, text, whole } from '../model/shape.ts';
import { callHelper, type HelperOptions, type Line, linesWith, lineWith } from './helper.ts';
import type { Native } from './problem.ts';

const nsId = matching<NsId>('a namespace as device:inode', /^\d+:\d+$/);

export interface MountPlace {
  /**
   * Make or remove pins in the mount namespace of this process (usually 1). Where it cannot be
   * entered (it may be EACCES even for root), in our own.
   */
  mountNsOf?: number;
}

export interface NewNamespaces extends MountPlace {
  /** Where to pin each new namespace: absolute, no links in it; nothing may be there yet. */
  paths: Partial<Record<PinType, string>>;
  hostname?: string;
  /** As for sysctl(8); refused unless they belong to one of the new namespaces. */
  sysctls?: Record<string, string>;
}

const pinLine = record<{ ns: PinType; path: string; id: NsId }>({
  ns: oneOf('net', 'ipc', 'uts'),
  path: text,
  id: nsId,
});

/** Makes namespaces, brings lo up, and pins them. All or nothing: a failure leaves no pin behind. */
export async function createNamespaces(
  wanted: NewNamespaces,
  options?: HelperOptions,
): Promise<Native<Partial<Record<PinType, NsId>>>> {
  const lines = await callHelper('create', namespaceArgs(wanted), options);
  return lines.ok ? pinsOf(lines.value) : lines;
}

/** Options that make and pin namespaces. */
export function namespaceArgs(wanted: NewNamespaces): string[] {
  return [
    ...Object.entries(wanted.paths).flatMap(([type, path]) => [`--${type}`, path]),
    ...(wanted.hostname === undefined ? [] : ['--hostname', wanted.hostname]),
    ...Object.entries(wanted.sysctls ?? {}).flatMap(([key, value]) => ['--sysctl', `${key}=${value}`]),
    ...placeArgs(wanted),
  ];
}

/** The pins that report lines tell of. */
export function pinsOf(lines: readonly Line[]): Native<Partial<Record<PinType, NsId>>> {
  const pins = linesWith('path', pinLine, lines);
  if (!pins.ok) return pins;
  return { ok: true, value: Object.fromEntries(pins.value.map(({ ns, id }) => [ns, id])) };
}

/** Pins the namespace seen at `from` (/proc/PID/ns/net) at `to`, if it is still that one. */
export async function pinNamespace(
  pin: { from: string; ns: NsId; to: string } & MountPlace,
  options?: HelperOptions,
): Promise<Native<null>> {
  const args = ['--from', pin.from, '--expect', pin.ns, '--to', pin.to, ...placeArgs(pin)];
  const lines = await callHelper('pin', args, options);
  return lines.ok ? { ok: true, value: null } : lines;
}

/** `pin`: `mounts` of them were unmounted, and the file removed; `file`: only the file was there. */
export interface Unpinned {
  was: 'pin' | 'file' | 'missing';
  mounts: number;
}

const unpinned = record<Unpinned>({ was: oneOf('pin', 'file', 'missing'), mounts: whole });

/**
 * Takes a pin away: every mount of this namespace at the path, then the empty file. `ns` null: nothing
 * may be mounted there. Anything else at the path is left alone, and a failure.
 */
export async function unpinNamespace(
  pin: { path: string; ns: NsId | null } & MountPlace,
  options?: HelperOptions,
): Promise<Native<Unpinned>> {
  const args = ['--expect', pin.ns ?? 'none', ...placeArgs(pin), '--', pin.path];
  const lines = await callHelper('unpin', args, options);
  return lines.ok ? lineWith('was', unpinned, lines.value) : lines;
}

/** Takes so many mounts of this namespace from a stack of them; a failure unless one more of it is left. */
export async function unstackPins(
  pin: { path: string; ns: NsId; layers: number } & MountPlace,
  options?: HelperOptions,
): Promise<Native<Unpinned>> {
  const args = ['--expect', pin.ns, '--layers', String(pin.layers), ...placeArgs(pin), '--', pin.path];
  const lines = await callHelper('unpin', args, options);
  return lines.ok ? lineWith('was', unpinned, lines.value) : lines;
}

function placeArgs({ mountNsOf }: MountPlace): string[] {
  return mountNsOf === undefined ? [] : ['--mount-ns-of', String(mountNsOf)];
}
