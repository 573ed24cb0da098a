import fs from 'node:fs';
import path from 'node:path';
import { CniError, type CniErrorPlace } from './error.ts';
import { pluginTypeFault, quoted } from './names.ts';

/** What is in one folder under a plugin's name. */
type Found = 'program' | 'not-executable' | 'none';

/**
 * Path of a plugin: the first folder that has a program of that name.
 * Throws CniError `plugin-missing`, naming the folders, when there is none.
 */
export function findPlugin(
  type: string,
  folders: readonly string[],
  place: Partial<CniErrorPlace> = {},
): string {
  const at = { ...place, plugin: type };
  const where = describePlace(place);
  const fault = pluginTypeFault(type);
  if (fault !== null) throw new CniError('bad-config', `${where}plugin type ${quoted(type)} ${fault}`, at);
  const found = folders.map((folder) => ({
    file: path.join(folder, type),
    is: lookAt(path.join(folder, type)),
  }));
  const program = found.find(({ is }) => is === 'program');
  if (program) return program.file;
  const blocked = found.find(({ is }) => is === 'not-executable');
  const cause = blocked
    ? `${blocked.file} is not executable; chmod 755 it`
    : `it is not in ${folders.join(', ') || 'any folder'}; install it there or name its folder (CNI_PATH)`;
  throw new CniError('plugin-missing', `${where}plugin ${quoted(type)} cannot be used: ${cause}`, at);
}

/** Those of the named plugins that can be run. */
export function availablePlugins(types: readonly string[], folders: readonly string[]): Set<string> {
  return new Set(
    types.filter((type) => folders.some((folder) => lookAt(path.join(folder, type)) === 'program')),
  );
}

/** `network podnet (/etc/cni/net.d/10.conflist): `, as far as it is known. */
export function describePlace({ network, file }: Partial<CniErrorPlace>): string {
  if (!network) return '';
  return `network ${network}${file ? ` (${file})` : ''}: `;
}

function lookAt(file: string): Found {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return 'none';
  return (stat.mode & 0o111) === 0 ? 'not-executable' : 'program';
}
