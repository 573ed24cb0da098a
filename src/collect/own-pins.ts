import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Pin, PinsFact } from '../model/facts.ts';
import type { Problem } from '../model/outcome.ts';
import { SANDBOX_ID } from '../model/sandbox-shape.ts';
import { isEmptyFile } from './pin-folders.ts';

const TYPES = ['net', 'ipc', 'uts'] as const;

/** Folders in which podctl pins the namespaces of its own sandboxes, and files there that hold none (any more). */
export function ownPins(
  host: ReadHost,
  state: string,
  mounted: ReadonlyMap<string, Pin>,
  problems: Problem[],
): { folders: PinsFact['folders']; bare: Pin[] } {
  const found: { folders: PinsFact['folders']; bare: Pin[] } = { folders: [], bare: [] };
  try {
    for (const id of host.list(`${state}/ns`).filter((name) => SANDBOX_ID.test(name))) {
      const folder = `${state}/ns/${id}`;
      found.folders.push({ path: folder, mtime: host.stat(folder).mtime });
      for (const type of TYPES) {
        const path = `${folder}/${type}`;
        if (!mounted.has(path) && isEmptyFile(host, path))
          found.bare.push({ path, type, ns: null, mounts: 0, scheme: 'podctl', confirmed: false });
      }
    }
  } catch (error) {
    // Without them no finding is made about podctl's pins; the runtime's are complete.
    if (!isMissing(error)) problems.push(problemOf(error, `${state}/ns`));
  }
  return found;
}
