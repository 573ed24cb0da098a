import { CRI_NAMESPACE } from '../cri/session.ts';
import type { Bundle } from '../model/facts.ts';
import { type BundleReading, listIds, readOciConfig, readPid, readSmall } from './bundle-files.ts';

const TASKS = 'io.containerd.runtime.v2.task';

/**
 * Bundles below containerd's state folder, of all its namespaces; null when it keeps none there.
 * Only `sandboxes` (attempt by id) of CRI are read in full: a container costs one small file, and nothing when
 * `owners`, sandbox by id of container, has it.
 */
export function containerdBundles(
  reading: BundleReading,
  stateDir: string,
  sandboxes: ReadonlyMap<string, number>,
  owners: ReadonlyMap<string, string>,
): Bundle[] | null {
  const tasks = `${stateDir}/${TASKS}`;
  const namespaces = listIds(reading, tasks);
  if (namespaces === null) return null;
  return namespaces.flatMap((namespace) => {
    const folder = `${tasks}/${namespace}`;
    return (listIds(reading, folder) ?? []).map((id) => {
      const bundle = bareBundle(id, namespace, `${folder}/${id}`);
      if (namespace !== CRI_NAMESPACE) return bundle;
      const attempt = sandboxes.get(id);
      if (attempt !== undefined) return readSandbox(reading, bundle, attempt);
      const sandboxId = owners.get(id) ?? readOwner(reading, bundle);
      return sandboxId ? { ...bundle, role: 'container', sandboxId } : bundle;
    });
  });
}

/** The stateDir of a bundle's path; null when it is no containerd bundle. */
export function stateDirOf(dir: string): string | null {
  const at = dir.indexOf(`/${TASKS}/`);
  return at > 0 ? dir.slice(0, at) : null;
}

/** A bundle of which nothing but its place is known. */
export function bareBundle(id: string, namespace: string, dir: string): Bundle {
  return {
    id,
    namespace,
    dir,
    role: null,
    sandboxId: null,
    meta: null,
    containerName: null,
    initPid: null,
    namespaces: null,
  };
}

function readSandbox(reading: BundleReading, bundle: Bundle, attempt: number): Bundle {
  const config = readOciConfig(reading, `${bundle.dir}/config.json`);
  const initPid = readPid(reading, `${bundle.dir}/init.pid`);
  if (config === null) return { ...bundle, role: 'sandbox', sandboxId: bundle.id, initPid };
  const { manager: _, ...known } = config;
  return { ...bundle, ...known, meta: known.meta && { ...known.meta, attempt }, initPid };
}

/** containerd 2.x writes the sandbox into a file of its own; 1.x does not. */
function readOwner(reading: BundleReading, bundle: Bundle): string | null {
  return readSmall(reading, `${bundle.dir}/sandbox`);
}
