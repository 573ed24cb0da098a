import path from 'node:path';
import { servingDaemon } from '../../derive/daemon.ts';
import type { Guard } from '../../model/plan.ts';
import { type Draft, step } from '../draft.ts';
import type { RemedyRequest } from '../remedy.ts';
import { knownOrNot } from './known.ts';

/** Where every containerd of a node has runc keep the state of CRI's containers. */
const ROOT = '/run/containerd/runc/k8s.io';
const SYSTEM = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Takes away what runc keeps of a container that nobody else knows any more, with its cgroup. */
export function ociStateGone(request: RemedyRequest, id: string, guards: Guard[]): Draft {
  const named = knownOrNot(request, 'runtimeConfig')?.runcs ?? [];
  const usual = [...foldersOf(request), ...SYSTEM].map((folder) => path.join(folder, 'runc'));
  const programs = [...new Set([...named, ...usual])];
  return step(
    { kind: 'delete-oci-state', programs, root: ROOT, container: id },
    'runc keeps its state and its cgroup for ever',
    { guards, onFailure: 'go-on' },
  );
}

/** Beside the containerd that answers, or in the sbin beside its bin. */
function foldersOf(request: RemedyRequest): string[] {
  const serving = servingDaemon(
    knownOrNot(request, 'runtime')?.endpoint ?? '',
    knownOrNot(request, 'daemons'),
    knownOrNot(request, 'runtimeConfig'),
    knownOrNot(request, 'host'),
  );
  if (!serving) return [];
  const folder = path.dirname(serving.exe);
  return [folder, path.join(folder, '..', 'sbin')];
}
