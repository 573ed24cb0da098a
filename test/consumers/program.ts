import fs from 'node:fs';
import path from 'node:path';
import { type Tree, tree } from '../rig/packages.ts';

/** A program of Debian's that we did not write, ready to be started. */
export interface Program {
  file: string;
  /** What it needs in its environment to find its own libraries. */
  env: Record<string, string>;
}

/** The program at `file` of an unpacked tree (`usr/bin/xmllint`). Throws with the reason when it cannot be had. */
export async function program(wanted: Tree, file: string): Promise<Program> {
  const root = await tree({ ...wanted, dependencies: true });
  const found = path.join(root, file);
  if (!fs.existsSync(found)) throw new Error(`${wanted.packages.join(' ')} has no ${file}`);
  return { file: found, env: { LD_LIBRARY_PATH: libraries(root).join(':') } };
}

/** Where shared libraries are; some packages keep theirs one folder deeper. */
function libraries(root: string): string[] {
  return ['usr/lib', 'lib'].flatMap((lib) => {
    const machine = folders(path.join(root, lib)).filter((folder) => folder.endsWith('-linux-gnu'));
    const deeper = machine
      .flatMap(folders)
      .filter((folder) => fs.readdirSync(folder).some((f) => f.includes('.so')));
    return [...machine, ...deeper, path.join(root, lib)];
  });
}

function folders(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, entry.name));
}
