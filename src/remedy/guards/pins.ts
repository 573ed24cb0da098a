import fs from 'node:fs';
import { mountedNamespace, mountsOn } from '../../host/mountinfo.ts';
import { isRunning } from '../../host/process.ts';
import type { GuardOf } from './index.ts';

export function pinStacked({ path, ns, layers, among }: GuardOf<'pin-stacked'>): string | null {
  if (!isRunning(among)) return `process ${among.pid} is gone, or another one by now`;
  const mounts = mountsOn(fs.readFileSync(`/proc/${among.pid}/mountinfo`, 'utf8'), path);
  const other = mounts.find((mount) => mountedNamespace(mount)?.ns !== ns);
  if (other) return `${other.root} is mounted on ${path}, and not only namespace ${ns}`;
  const ids = new Set(mounts.map(({ id }) => id));
  const now = mounts.filter(({ parent }) => ids.has(parent)).length;
  return now === layers ? null : `${now} mounts are stacked on ${path} by now, and were ${layers}`;
}
