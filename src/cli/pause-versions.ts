import path from 'node:path';
import { createReadHost, isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { PauseVersionsFact } from '../model/facts.ts';
import { UsageError } from './usage-error.ts';

const OPTION = '--pause-versions';
const VARIABLE = 'PODCTL_PAUSE_VERSIONS';
const FILE = '/etc/podctl/pause-versions.yaml';
const MAX_BYTES = 256 * 1024;
const HINT = 'it is like: schema: podctl.pause-versions/v1, and below it kubeadm: {"1.37": "3.11"}';

/**
 * Which pause belongs to which release, as the first of these says: the option, the variable, the node's own file;
 * undefined when there is none. Throws a UsageError for a file that cannot be used.
 */
export async function loadPauseVersions(
  named: string | null,
  env: Record<string, string | undefined>,
  node: ReadHost,
): Promise<PauseVersionsFact | undefined> {
  if (named !== null) return read(createReadHost(), path.resolve(named), OPTION);
  const variable = env[VARIABLE];
  if (variable) return read(createReadHost(), path.resolve(variable), VARIABLE);
  return read(node, FILE, null);
}

/** `by`: who named the file, which then must be there. */
async function read(host: ReadHost, file: string, by: string | null): Promise<PauseVersionsFact | undefined> {
  const said = by === null ? '' : `${by}: `;
  let text: string;
  try {
    text = host.readFile(file, { follow: true, max: MAX_BYTES });
  } catch (error) {
    if (isMissing(error) && by === null) return undefined;
    throw new UsageError(`${said}${problemOf(error, file).message}`, HINT);
  }
  const { parsePauseVersions } = await import('../collect/pause-version-file.ts');
  const parsed = await parsePauseVersions(text, file);
  if ('value' in parsed) return parsed.value;
  const { line, message } = parsed.fault;
  throw new UsageError(`${said}${file}${line === null ? '' : `:${line}`}: ${message}`, HINT);
}
