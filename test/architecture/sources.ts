import fs from 'node:fs';
import path from 'node:path';
import { root } from '../support/cli.ts';

export interface Source {
  /** From the root of the repository, with slashes. */
  file: string;
  text: string;
  imports: string[];
}

const IMPORT = /^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Generated code, and what new checks are made from. */
const NOT_OURS = /^src\/(cri\/gen|cli\/author\/templates)\//;

/** Every source file below the named folders. */
export function sources(...folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`)
      .filter((file) => /\.(ts|mjs)$/.test(file) && !NOT_OURS.test(file))
      .sort()
      .map(readSource),
  );
}

function readSource(file: string): Source {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const found = [...text.matchAll(IMPORT), ...text.matchAll(DYNAMIC)];
  const imports = found.map(([, from, bare]) => resolveImport(file, from ?? bare ?? ''));
  return { file, text, imports };
}

/** A relative import as a path from the root; a package or node:* as it is. */
export function resolveImport(file: string, specifier: string): string {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
}
