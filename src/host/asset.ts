import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where assets are, seen from the executable, from one of its chunks, and from the source of this file. */
const PLACES = ['./', '../', '../../dist/'];

/**
 * Path of a file that is delivered beside the executable, e.g. `jq-worker.cjs`.
 * Throws when the installation lacks it.
 */
export function assetPath(name: string): string {
  for (const place of PLACES) {
    const file = fileURLToPath(new URL(place + name, import.meta.url));
    if (fs.existsSync(file)) return file;
  }
  throw new Error(`${name} is missing beside the podctl executable: install podctl again`);
}
