/** What /proc/PID/cgroup says about whose process it is. */
export interface CgroupOwner {
  /** Path in the first hierarchy that names a container, else of the pids or unified hierarchy. */
  path: string;
  /** 64 hex digits; null when no path names a container. */
  containerId: string | null;
  /** With dashes as in the API (static pods: 32 hex digits); null when no path names a pod. */
  podUid: string | null;
}

/**
 * Podman's pods are bare ids below /libpod_parent, and conmon sits in them: no container. A runtime with the cgroupfs
 * driver takes the name that a kubelet with systemd's gives it for a folder, colons and all.
 */
const CONTAINER =
  /(?:(?<!\/libpod_parent)\/(?:cri-containerd-|crio-|libpod-)?|\.slice:(?:cri-containerd|crio):)([0-9a-f]{64})(?:\.scope)?(?=\/|$)/;
const POD =
  /(?<=[/-])pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?=\.slice(?:[/:]|$)|\/|$)/;
const DELETED = ' (deleted)';

/**
 * Reads the text of /proc/PID/cgroup.
 * Of nested ids the first one below the pod counts: whoever may make cgroups inside a container
 * can name them as he likes, but not what stands above.
 */
export function parseCgroup(text: string): CgroupOwner {
  let fallback: string | null = null;
  let pod: CgroupOwner | null = null;
  // The first line mostly settles it: the others are not cut out in advance.
  for (let begin = 0, end = 0; begin < text.length; begin = end + 1) {
    end = text.indexOf('\n', begin);
    if (end < 0) end = text.length;
    const first = text.indexOf(':', begin);
    const second = first < 0 ? -1 : text.indexOf(':', first + 1);
    if (second < 0 || second > end) continue;
    const controllers = text.slice(first + 1, second);
    const path = text.slice(second + 1, end);
    const owner = ownerOfPath(path);
    if (owner.containerId !== null) return owner;
    if (owner.podUid !== null) pod ??= owner;
    if (controllers === 'pids' || (controllers === '' && fallback === null)) fallback = path;
  }
  return pod ?? { path: fallback ?? '', containerId: null, podUid: null };
}

/** The same from one path, as in /proc/PID/cpuset. */
export function ownerOfPath(path: string): CgroupOwner {
  const live = path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path;
  const pod = POD.exec(live);
  const below = pod ? live.slice(pod.index + pod[0].length) : live;
  return {
    path,
    containerId: CONTAINER.exec(below)?.[1] ?? null,
    podUid: pod?.[1]?.replaceAll('_', '-') ?? null,
  };
}
