import path from 'node:path';
import { problemOf, type ReadHost } from '../../host/read-host.ts';
import { valueAt } from '../../model/toml-value.ts';
import { glob } from './glob.ts';
import { readToml, type TomlFile } from './toml-file.ts';

const MOST_FILES = 500;

export interface ImportRules {
  /** Are relative imports with `*` relative to the importing file? Else to the daemon's working folder. */
  relativeGlobs: boolean;
  workingFolder: string;
}

/**
 * Reads containerd's main file and what it imports, in load order: each file once, the imports of a file
 * after all that were named before. Never throws; a file that cannot be read is in the list with its error.
 */
export async function readWithImports(host: ReadHost, main: string, rules: ImportRules): Promise<TomlFile[]> {
  const files: TomlFile[] = [];
  const seen = new Set<string>();
  const pending = [main];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const file = await readToml(host, next);
    files.push(file);
    if (files.length >= MOST_FILES) {
      file.error ??= { message: `more than ${MOST_FILES} files are imported`, line: null, column: null };
      break;
    }
    try {
      pending.push(...importsOf(host, file, rules));
    } catch (error) {
      const unread = problemOf(error, 'what imports name');
      file.error = { message: unread.message, line: file.lineOf(['imports']), column: null };
      file.unread = unread.code === 'denied' ? unread : null;
    }
  }
  return files;
}

function importsOf(host: ReadHost, file: TomlFile, rules: ImportRules): string[] {
  const imports = valueAt(file.table, ['imports']);
  if (!Array.isArray(imports)) return [];
  return imports
    .filter((name) => typeof name === 'string')
    .flatMap((name) => {
      const pattern = name.includes('*');
      const base = pattern && !rules.relativeGlobs ? rules.workingFolder : path.posix.dirname(file.path);
      const full = path.posix.resolve('/', base, name);
      return pattern ? glob(host, full) : [full];
    });
}
