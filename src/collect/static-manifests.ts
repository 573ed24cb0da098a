import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { PodOwnersFact } from '../model/facts.ts';
import { digText } from '../model/json-path.ts';
import { type Problem, problem } from '../model/outcome.ts';
import { readYaml } from './yaml-file.ts';

type Manifest = PodOwnersFact['manifests'][number];

const MAX_FILES = 500;

/** Pods of a folder of manifests as kubelet reads it: every file but hidden ones, no folders below. */
export async function staticManifests(
  host: ReadHost,
  place: string,
  problems: Problem[],
): Promise<Manifest[]> {
  const found: Manifest[] = [];
  for (const path of filesOf(host, place, problems)) {
    const manifest = await readManifest(host, path, problems);
    if (manifest) found.push(manifest);
  }
  return found;
}

/** kubelet takes a single file as well. */
function filesOf(host: ReadHost, place: string, problems: Problem[]): string[] {
  try {
    if (host.stat(place, { follow: true }).type !== 'directory') return [place];
    const names = host.list(place).filter((name) => !name.startsWith('.'));
    if (names.length > MAX_FILES) {
      const message = `${place} holds ${names.length} files; ${MAX_FILES} of them were read`;
      problems.push(problem('truncated', message, place));
    }
    return names.slice(0, MAX_FILES).map((name) => `${place}/${name}`);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, place));
    return [];
  }
}

async function readManifest(host: ReadHost, path: string, problems: Problem[]): Promise<Manifest | null> {
  if (isFolder(host, path)) return null;
  const pod = await readYaml(host, path, problems);
  const name = digText(pod, 'metadata', 'name');
  if (pod === undefined) return null;
  if (name !== null && (digText(pod, 'kind') ?? 'Pod') === 'Pod') {
    return { path, namespace: digText(pod, 'metadata', 'namespace') ?? 'default', name };
  }
  problems.push(problem('malformed', `${path} is no manifest of a pod`, path));
  return null;
}

function isFolder(host: ReadHost, path: string): boolean {
  try {
    return host.stat(path, { follow: true }).type === 'directory';
  } catch {
    return false;
  }
}
