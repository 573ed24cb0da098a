import path from 'node:path';
import type { Guard } from '../../model/plan.ts';
import { type Draft, step } from '../draft.ts';
import type { RemedyRequest } from '../remedy.ts';
import { knownOrNot } from './known.ts';

/** Where every containerd of a node has runc keep the state of CRI's containers. */
const ROOT = '/run/containerd/runc/k8s.io';
const SYSTEM = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Takes away what runc keeps of a container that nobody else knows any more, with its cgroup. */
export function ociStateGone(request: RemedyRequest, id: string, guards: Guard[]): Draft {
  const daemons = knownOrNot(request, 'daemons') ?? [];
  const beside = daemons.filter(({ kind }) => kind === 'containerd').map(({ exe }) => path.dirname(exe));
  const programs = [...new Set([...beside.sort(), ...SYSTEM])].map((folder) => path.join(folder, 'runc'));
  return step(
    { kind: 'delete-oci-state', programs, root: ROOT, container: id },
    'runc keeps its state and its cgroup for ever',
    { guards, onFailure: 'go-on' },
  );
}
