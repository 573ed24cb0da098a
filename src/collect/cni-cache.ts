import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { PinsFact } from '../model/facts.ts';
import { type Problem, problem } from '../model/outcome.ts';

export type CachedAttachment = PinsFact['attachments'][number];

const FOLDERS = ['/var/lib/cni/results', '/var/lib/cni/cache/results'];
const MAX_FILES = 10_000;
const MAX_BYTES = 256 * 1024;

/** The loopback of a pod tells nothing that its real attachment does not. */
const LOOPBACK = 'cni-loopback-';

/**
 * Attachments in libcni's cache that name a namespace path. A file that is garbage or cannot be read is left
 * out, with a problem; `whole` is false when files may be missing from the list for another reason.
 */
export function readCniCache(
  host: ReadHost,
  problems: Problem[],
): { attachments: CachedAttachment[]; whole: boolean } {
  const attachments: CachedAttachment[] = [];
  let whole = true;
  for (const folder of FOLDERS) {
    const names = listCache(host, folder, problems);
    if (names === null) whole = false;
    const room = MAX_FILES - attachments.length;
    if (names && names.length > room) {
      whole = false;
      problems.push(
        problem('truncated', `${folder} holds ${names.length} files; ${room} of them were read`, folder),
      );
    }
    for (const name of names?.slice(0, room) ?? []) {
      const found = readAttachment(host, `${folder}/${name}`, problems);
      if (found) attachments.push(found);
    }
  }
  return { attachments, whole };
}

function listCache(host: ReadHost, folder: string, problems: Problem[]): string[] | null {
  try {
    return host.list(folder).filter((name) => !name.startsWith(LOOPBACK));
  } catch (error) {
    if (isMissing(error)) return [];
    problems.push(problemOf(error, folder));
    return null;
  }
}

function readAttachment(host: ReadHost, path: string, problems: Problem[]): CachedAttachment | null {
  try {
    const parsed = parseCniCache(host.readFile(path, { max: MAX_BYTES }));
    return parsed && { path, ...parsed, mtime: host.stat(path).mtime };
  } catch (error) {
    if (error instanceof SyntaxError) {
      problems.push(problem('malformed', `${path} is no JSON: the CNI result in it is lost`, path));
    } else if (!isMissing(error)) {
      problems.push(problemOf(error, path));
    }
    return null;
  }
}

/**
 * What libcni wrote about one attachment; null when it names no namespace path or is of another kind.
 * Throws SyntaxError on what is no JSON. `config` and `cniArgs` of the file may hold secrets and are not kept.
 */
export function parseCniCache(text: string): Omit<CachedAttachment, 'path' | 'mtime'> | null {
  const file: unknown = JSON.parse(text);
  if (!isRecord(file) || file.kind !== 'cniCacheV1') return null;
  const netns = isPath(file.netns) ? file.netns : sandboxOf(file.result);
  if (netns === null || typeof file.containerId !== 'string') return null;
  const network = typeof file.networkName === 'string' ? file.networkName : '';
  return { containerId: file.containerId, network, netns };
}

/** Old libcni wrote no `netns`: the interface inside the pod names it. */
function sandboxOf(result: unknown): string | null {
  const interfaces = isRecord(result) ? result.interfaces : null;
  if (!Array.isArray(interfaces)) return null;
  for (const one of interfaces) if (isRecord(one) && isPath(one.sandbox)) return one.sandbox;
  return null;
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('/') && value.length <= 4096;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
