import type { Pin } from '../model/facts.ts';
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
