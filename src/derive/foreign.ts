import type { EndpointsFact, Process } from '../model/facts.ts';
import { byPid, runPath, sameRunPath } from './process.ts';
import type { SandboxView } from './sandbox-view.ts';

/**
 * True for a sandbox that another containerd of the node keeps: its pause is the child of a shim that serves another
 * socket, or its bundle lies in another state folder than the runtime says is its own (null: it said nothing).
 */
export function isForeign(
  { pause, bundle }: SandboxView,
  processes: Process[],
  endpoints: EndpointsFact,
  stateDir: string | null,
): boolean {
  const shim = pause ? byPid(processes).get(pause.ppid)?.shim : null;
  if (shim) return !sameRunPath(shim.address, endpoints.chosen?.path ?? '');
  if (stateDir === null || bundle?.namespace !== 'k8s.io') return false;
  return !runPath(bundle.dir).startsWith(`${runPath(stateDir)}/`);
}
