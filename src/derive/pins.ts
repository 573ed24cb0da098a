import type { HostFact, Pin, PinsFact } from '../model/facts.ts';
import { memo } from './memo.ts';
import { runPath } from './process.ts';
import type { SandboxView } from './sandbox-view.ts';

/** Pins by the path that the kernel shows: below /run, never /var/run. */
export const pinsByPath = memo((pins: Pin[]) => new Map(pins.map((pin) => [runPath(pin.path), pin])));

/** Where the runtime pinned a sandbox's network namespace, as the kernel shows it; null for host network or unknown. */
export function recordedPin({ record, bundle }: SandboxView): string | null {
  const path = record?.netnsPath ?? bundle?.namespaces?.net ?? '';
  return path === '' || path.startsWith('/proc/') ? null : runPath(path);
}

/** What CNI attached to the namespace of a pin. */
export function attachmentsOf(pins: PinsFact, { path }: Pin): PinsFact['attachments'] {
  return pins.attachments.filter((a) => runPath(a.netns) === runPath(path));
}

/** A pin has no age of its own: it takes that of its attachment, else it is at most as young as its folder. */
export function pinBornAt(pins: PinsFact, pin: Pin, { now }: HostFact): number {
  const attachments = attachmentsOf(pins, pin);
  if (attachments.length > 0) return Math.max(...attachments.map((a) => a.mtime));
  const folder = pins.folders.find((f) => runPath(pin.path).startsWith(`${runPath(f.path)}/`));
  return folder?.mtime ?? now;
}
