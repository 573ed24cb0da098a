import type { Bundle } from '../model/facts.ts';
import { type BundleReading, listIds, readOciConfig, readPid } from './bundle-files.ts';
import { bareBundle } from './bundles-containerd.ts';

/**
 * Bundles below CRI-O's run root; null when it keeps none there. All are read in full: nothing else on disk
 * says which container belongs to which sandbox. Podman may share the folder; its containers are left out.
 */
export function crioBundles(reading: BundleReading, runRoot: string): Bundle[] | null {
  const folder = `${runRoot}/overlay-containers`;
  const ids = listIds(reading, folder);
  if (ids === null) return null;
  const bundles: Bundle[] = [];
  for (const id of ids) {
    const bundle = bareBundle(id, '', `${folder}/${id}/userdata`);
    const config = readOciConfig(reading, `${bundle.dir}/config.json`);
    if (config === null) {
      bundles.push(bundle);
      continue;
    }
    const { manager, ...known } = config;
    if (manager === 'libpod') continue;
    // The pid file of an ended container stays, and of containers the processes themselves tell.
    const initPid = config.role === 'sandbox' ? readPid(reading, `${bundle.dir}/pidfile`) : null;
    bundles.push({ ...bundle, ...known, initPid });
  }
  return bundles;
}
