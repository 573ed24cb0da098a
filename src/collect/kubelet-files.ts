import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Daemon } from '../model/facts.ts';
import { type Problem, problem } from '../model/outcome.ts';
import { isThere } from './config/layout.ts';
import { absolute, workingFolderOf } from './config/of-daemon.ts';
import { parseYaml } from './yaml-file.ts';

/** A file of kubelet's configuration. `value` is undefined where it could not be used. */
export interface KubeletFile {
  path: string;
  mtime: number;
  text: string;
  value: unknown;
  error: string | null;
}

const CONFIG = '/var/lib/kubelet/config.yaml';
const MAX_BYTES = 1024 * 1024;
const MOST_FILES = 100;

/**
 * kubelet's configuration file and what is in its folder of drop-ins, in load order: later ones win. What cannot
 * be used is a problem, and not quoted. A file that is not there is none.
 */
export async function readKubeletFiles(
  host: ReadHost,
  kubelet: Daemon | undefined,
  problems: Problem[],
  flags: Readonly<Record<string, string>> = kubelet?.flags ?? {},
): Promise<KubeletFile[]> {
  const { config, 'config-dir': folder } = flags;
  const at = (path: string) => absolute(workingFolderOf(host, kubelet ?? null), path);
  const main = config ? at(config) : isThere(host, CONFIG) ? CONFIG : null;
  const added = folder ? dropInsOf(host, at(folder), problems) : [];
  const files: KubeletFile[] = [];
  for (const path of main === null ? added : [main, ...added]) {
    const file = await readOne(host, path, problems);
    if (file) files.push(file);
  }
  return files;
}

async function readOne(host: ReadHost, path: string, problems: Problem[]): Promise<KubeletFile | null> {
  let text: string;
  let mtime = 0;
  try {
    mtime = host.stat(path, { follow: true }).mtime;
    text = host.readFile(path, { follow: true, max: MAX_BYTES });
  } catch (error) {
    if (isMissing(error)) return null;
    const unread = problemOf(error, path);
    problems.push(unread);
    return { path, mtime, text: '', value: undefined, error: unread.message };
  }
  try {
    return { path, mtime, text, value: await parseYaml(text), error: null };
  } catch {
    problems.push(problem('malformed', `${path} is not valid YAML`, path));
    return { path, mtime, text: '', value: undefined, error: 'it is not valid YAML' };
  }
}

function dropInsOf(host: ReadHost, folder: string, problems: Problem[]): string[] {
  try {
    const names = host.list(folder).filter((name) => name.endsWith('.conf'));
    return names.slice(0, MOST_FILES).map((name) => `${folder}/${name}`);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, folder));
    return [];
  }
}

/** Line of a key of the outermost level, from 1; null where it does not begin a line. */
export function lineOfKey(text: string, key: string): number | null {
  const index = text.split('\n').findIndex((line) => new RegExp(`^["']?${key}["']?\\s*:`).test(line));
  return index < 0 ? null : index + 1;
}
