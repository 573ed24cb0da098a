import path from 'node:path';
import { isMissing, type ReadHost } from '../../host/read-host.ts';
import { textAt } from '../../model/toml-value.ts';
import { readToml, type TomlFile, unreadFile } from './toml-file.ts';

/** More than this is no configuration. */
const DEEPEST = 8;
const MOST_FILES = 500;

/**
 * Reads CRI-O's main file and then every file below its folder, whatever it is called, in the order in
 * which CRI-O walks: by name, a folder's files at the place of the folder.
 */
export async function readCrioFiles(
  host: ReadHost,
  main: string | null,
  folder: string | null,
): Promise<TomlFile[]> {
  const found: (string | TomlFile)[] = main === null ? [] : [main];
  if (folder !== null) walk(host, folder, DEEPEST, found);
  const files: TomlFile[] = [];
  for (const item of found.slice(0, MOST_FILES)) {
    files.push(typeof item === 'string' ? await readToml(host, item) : item);
  }
  return files;
}

function walk(host: ReadHost, folder: string, depth: number, found: (string | TomlFile)[]): void {
  try {
    for (const name of host.list(folder)) {
      const inside = path.posix.join(folder, name);
      if (host.stat(inside).type !== 'directory') found.push(inside);
      else if (depth > 0) walk(host, inside, depth - 1, found);
    }
  } catch (error) {
    if (!isMissing(error)) found.push(unreadFile(folder, error));
  }
}

/** Where storage.conf, which CRI-O reads for its defaults, puts images and live state. */
export async function readStorage(host: ReadHost): Promise<{ root: string; runroot: string }> {
  const defaults = { root: '/var/lib/containers/storage', runroot: '/run/containers/storage' };
  for (const file of ['/etc/containers/storage.conf', '/usr/share/containers/storage.conf']) {
    const toml = await readToml(host, file);
    if (toml.unread?.code === 'missing') continue;
    return {
      root: textAt(toml.table, ['storage', 'graphroot']) || defaults.root,
      runroot: textAt(toml.table, ['storage', 'runroot']) || defaults.runroot,
    };
  }
  return defaults;
}
