import fs from 'node:fs';
import path from 'node:path';
import { listCache } from '../../cni/cache.ts';

const RUN = '/run/';

/** What a pin's path is called: /var/run is a link to /run on every node in use. */
export function namesOf(pin: string): string[] {
  const plain = pin.startsWith(`/var${RUN}`) ? pin.slice('/var'.length) : pin;
  return plain.startsWith(RUN) ? [plain, `/var${plain}`] : [plain];
}

/** Ids whose cached attachment names this namespace, that of loopback included: it is written first. */
export function idsOfNetns(caches: readonly string[], names: readonly string[]): string[] {
  const cached = caches.flatMap((folder) => listCache(path.dirname(folder)).attachments);
  const ids = cached.filter((one) => names.includes(one.attachment.netns)).map((one) => one.containerId);
  return [...new Set(ids)];
}

/** The path as the process sees it whose mount namespace pins are in; null: our own. */
export function placeOf(pin: string, mountNsOf: number | null): string {
  return mountNsOf === null ? pin : path.join(`/proc/${mountNsOf}/root`, pin);
}

/** `device:inode` at a path; null where nothing is. Throws the system's error where nobody can tell. */
export function namespaceAt(at: string): string | null {
  const stat = fs.statSync(at, { throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}` : null;
}
