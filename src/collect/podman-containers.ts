import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { PodmanContainer } from '../model/facts.ts';
import { dig, digText } from '../model/json-path.ts';
import { type Problem, problem } from '../model/outcome.ts';
import { containerFolders, storageList } from './storage-list.ts';

const MAX_SPEC = 1024 * 1024;
/** More are not read in full: nobody runs so many. */
const MOST = 500;

/** The containers of podman's in a storage, which CRI-O may share; null: there is no storage. */
export function podmanContainers(
  host: ReadHost,
  root: string,
  problems: Problem[],
): PodmanContainer[] | null {
  const folders = containerFolders(host, root, problems);
  if (folders === null) return null;
  const listed = folders.flatMap((folder) =>
    storageList(host, folder, problems)
      .filter(({ crio }) => crio === null)
      .map(({ id, name }) => ({ id, name, path: `${folder}/${id}/userdata/config.json` })),
  );
  if (listed.length > MOST)
    problems.push(problem('truncated', `${root} holds ${listed.length} containers; ${MOST} were read`, root));
  const read = listed
    .slice(0, MOST)
    .map(({ id, name, path }) => ({ id, name, ...readSpec(host, path, id, problems) }));
  const pods = new Map(read.map(({ id, podId }) => [id, podId]));
  return read.map(({ id, name, podId: ofCgroup, infraId, netns }) => {
    const podId = ofCgroup ?? pods.get(infraId) ?? null;
    return { id, name, podId, isInfra: isInfra(name, podId), netns };
  });
}

/** Podman calls the first container of a pod by the beginning of the pod's id. */
function isInfra(name: string, podId: string | null): boolean {
  return podId === null ? /^[0-9a-f]{12}-infra$/.test(name) : name === `${podId.slice(0, 12)}-infra`;
}

/** A container that was never started has no such file. */
function readSpec(host: ReadHost, path: string, id: string, problems: Problem[]): PodmanSpec {
  try {
    return parsePodmanSpec(host.readFile(path, { max: MAX_SPEC }), id);
  } catch (error) {
    if (error instanceof SyntaxError)
      problems.push(problem('malformed', `${path} is no OCI configuration: it is no JSON`, path));
    else if (!isMissing(error)) problems.push(problemOf(error, path));
    return { podId: null, infraId: '', netns: '' };
  }
}

/** `infraId`: container whose namespaces it shares as a member of its pod; '' where it does not say. */
type PodmanSpec = Pick<PodmanContainer, 'podId' | 'netns'> & { infraId: string };

/** Pod and pin of a container from its config.json. Throws SyntaxError when it is no JSON. */
export function parsePodmanSpec(text: string, id: string): PodmanSpec {
  const spec: unknown = JSON.parse(text);
  const namespaces = dig(spec, 'linux', 'namespaces');
  const network = Array.isArray(namespaces)
    ? namespaces.find((entry) => dig(entry, 'type') === 'network')
    : undefined;
  return {
    podId: podOf(digText(spec, 'linux', 'cgroupsPath') ?? '', id),
    infraId: digText(spec, 'annotations', 'io.kubernetes.cri-o.SandboxID') ?? '',
    netns: digText(network, 'path') ?? '',
  };
}

/** `<parent>/<pod>/libpod-<id>`, or `machine-libpod_pod_<pod>.slice:libpod:<id>` with systemd. */
function podOf(cgroupsPath: string, id: string): string | null {
  const [before, ...rest] = cgroupsPath.split(id);
  if (rest.length === 0) return null;
  const found = /\/([0-9a-f]{64})\/libpod-$|libpod_pod_([0-9a-f]{64})\.slice:libpod:$/.exec(before ?? '');
  return found?.[1] ?? found?.[2] ?? null;
}
