import { isMissing, type ReadHost } from '../host/read-host.ts';
import type { Bundle, Process } from '../model/facts.ts';
import { isObject } from '../model/shape.ts';

const CRIO_LOG_PATH = 'io.kubernetes.cri-o.LogPath';
const MAX_CONFIG = 4 * 1024 * 1024;

/** The file in which CRI-O keeps what a pause prints, as its bundle says; null where the runtime keeps none. */
export function pauseLogPath(host: ReadHost, bundle: Bundle | null): string | null {
  if (bundle === null) return null;
  try {
    const config: unknown = JSON.parse(host.readFile(`${bundle.dir}/config.json`, { max: MAX_CONFIG }));
    const annotations = isObject(config) && isObject(config.annotations) ? config.annotations : {};
    const path = annotations[CRIO_LOG_PATH];
    return typeof path === 'string' && path.startsWith('/') ? path : null;
  } catch {
    return null;
  }
}

/** Where a process's stdout and stderr go, as the kernel shows it: /dev/null, pipe:[1]; null where it may not be read. */
export function outputsOf(host: ReadHost, { pid }: Process): string[] | null {
  try {
    return [...new Set([1, 2].map((fd) => linkOf(host, `/proc/${pid}/fd/${fd}`)))];
  } catch {
    return null;
  }
}

function linkOf(host: ReadHost, path: string): string {
  try {
    return host.readLink(path);
  } catch (error) {
    if (isMissing(error)) return 'closed';
    throw error;
  }
}
