import type { Subject } from '../../model/check.ts';
import type { Mark, PictureOrphan } from '../../model/picture.ts';
import type { Report } from '../../model/report.ts';
import { factOf, type PodView, type Seen } from '../pod-view.ts';
import { byPid, runPath } from '../process.ts';

/** Findings by what of the picture they are about. */
export interface Marks {
  /** By id of a sandbox, or of a container. */
  byId: ReadonlyMap<string, Mark[]>;
  /** By name of a link of the node that is a bridge or leads to a pod. */
  byLink: ReadonlyMap<string, Mark[]>;
  orphans: PictureOrphan[];
  /** About the node, its runtime, images and files. */
  node: Mark[];
}

type Target = { id: string } | { link: string } | 'orphan' | 'node';

/** `links`: names of the node's links that the picture shows. */
export function marksOf(
  seen: Seen,
  pods: readonly PodView[],
  links: ReadonlySet<string>,
  checks: Report['checks'],
): Marks {
  const target = targets(seen, pods, links);
  const byId = new Map<string, Mark[]>();
  const byLink = new Map<string, Mark[]>();
  const orphans = new Map<string, PictureOrphan>();
  const node: Mark[] = [];
  for (const { severity, message, fingerprint, subject } of checks.flatMap(({ findings }) => findings)) {
    const mark = { severity, message, fingerprint };
    const found = target(subject);
    if (found === 'node') node.push(mark);
    else if (found === 'orphan') {
      const key = JSON.stringify([subject.kind, subject.id]);
      const orphan = orphans.get(key) ?? { kind: subject.kind, name: subject.name ?? subject.id, marks: [] };
      orphan.marks.push(mark);
      orphans.set(key, orphan);
    } else if ('id' in found) add(byId, found.id, mark);
    else add(byLink, found.link, mark);
  }
  return { byId, byLink, orphans: [...orphans.values()], node };
}

function add(map: Map<string, Mark[]>, key: string, mark: Mark): void {
  const marks = map.get(key);
  if (marks) marks.push(mark);
  else map.set(key, [mark]);
}

/** Where a subject is in the picture. */
function targets(
  seen: Seen,
  pods: readonly PodView[],
  links: ReadonlySet<string>,
): (subject: Subject) => Target {
  const ids = new Set(pods.flatMap((pod) => [pod.id, ...pod.containers.map((c) => c.id)]));
  const byTitle = new Map(pods.map(({ title, id }) => [title, id]));
  const byPin = new Map(pods.map(({ netnsPath, id }) => [netnsPath, id]));
  const byShim = new Map(pods.flatMap(({ shim, id }) => (shim ? [[shim.pid, id] as const] : [])));
  const processes = byPid(factOf(seen, 'processes') ?? []);
  const reserved = new Map(factOf(seen, 'reservations')?.reservations.map((r) => [r.path, r.containerId]));
  const owner = (id: string | null | undefined, otherwise: Target): Target =>
    id && ids.has(id) ? { id } : otherwise;
  return ({ kind, id, name = '' }) => {
    switch (kind) {
      case 'sandbox':
      case 'shim':
      case 'container':
        return owner(id, 'orphan');
      case 'process':
        return owner(processes.get(Number(id))?.containerId ?? byShim.get(Number(id)), 'node');
      case 'link':
        return links.has(id) ? { link: id } : 'orphan';
      case 'netns':
        return owner(byPin.get(runPath(id)), 'orphan');
      case 'reservation':
        return reserved.has(id) ? owner(reserved.get(id), 'orphan') : 'node';
      case 'cgroup':
      case 'rule':
        return 'orphan';
      default:
        return owner(byTitle.get(name), 'node');
    }
  };
}
