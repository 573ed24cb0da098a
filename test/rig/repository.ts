import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the clone: this file may run from test/ or from a bundle below dist/. */
export function repositoryRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!fs.existsSync(path.join(folder, 'test/rig'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('no clone of podctl above this program: run it from one');
    folder = parent;
  }
  return folder;
}
