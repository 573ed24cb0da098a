import { createReadHost } from '../../host/read-host.ts';

const INIT = 1;

/** 1 when podctl is in another mount namespace than PID 1, where pins belong; null when not, or nobody can tell. */
export function mountNamespaceOf(): number | null {
  const host = createReadHost();
  try {
    return host.nsId(`/proc/${INIT}/ns/mnt`) === host.nsId('/proc/self/ns/mnt') ? null : INIT;
  } catch {
    return null;
  }
}
