import type { SandboxView } from '../../derive/sandbox-view.ts';
import type { Process } from '../../model/facts.ts';
import type { Guard } from '../../model/plan.ts';
import { awaitEnd, type Draft, kill, step } from '../draft.ts';
import type { RemedyRequest } from '../remedy.ts';
import { ociStateGone } from './oci-state.ts';
import type { Scene } from './scene.ts';

/** A sandbox whose pause runs on without the runtime managing it. */
export interface Orphan {
  scene: Scene;
  view: SandboxView;
  pause: Process;
  hasBundle(id: string): boolean;
  /** In containerd's own store. */
  hasRecord(id: string): boolean;
  /** Ids of containers with a record that says that they belong to the sandbox. */
  recordsOf(sandbox: string): string[];
  isContainerd: boolean;
}

/** Ends what runs: containers first, then pause, then the shim; through containerd where it still has them. */
export function endsOf(request: RemedyRequest, orphan: Orphan): Draft[] {
  const { scene, view, pause, isContainerd } = orphan;
  const { endpoint } = scene;
  const unready: Guard = { kind: 'sandbox-unready', endpoint, id: view.id };
  const guards = [unready];
  const stop = step(
    { kind: 'stop-sandbox', endpoint, sandbox: view.id },
    'the runtime still lists it, and can take its containers and its network down',
    { guards },
  );
  const members = view.members.map(({ id, init }) => end(orphan, id, init, 'a container of it', unready));
  const states = [view.id, ...view.members.map(({ id }) => id)].filter((id) => !orphan.hasBundle(id));
  return [
    ...(view.listed ? [stop] : members),
    end(orphan, view.id, pause, 'pause', unready),
    ...shimEnds(view, unready),
    ...(isContainerd ? states.map((id) => ociStateGone(request, id, guards)) : []),
  ];
}

function end(
  { scene, hasBundle, isContainerd }: Orphan,
  id: string,
  process: Process,
  what: string,
  unready: Guard,
): Draft {
  const { pid, startTicks } = process;
  const guards: Guard[] = [unready, { kind: 'process-is', process: { pid, startTicks } }];
  const because = 'the runtime does not manage its sandbox any more';
  if (isContainerd && hasBundle(id))
    return step({ kind: 'end-task', endpoint: scene.endpoint, container: id }, because, { guards });
  return { ...kill(process, `${what} of sandbox ${id.slice(0, 13)}`, because), guards };
}

/** It mostly ends by itself when its last task is gone. */
function shimEnds({ id, shim }: SandboxView, unready: Guard): Draft[] {
  if (!shim) return [];
  const process = { pid: shim.pid, startTicks: shim.startTicks };
  const what = `shim of sandbox ${id.slice(0, 13)}`;
  const guards: Guard[] = [unready, { kind: 'process-is', process }, { kind: 'childless', process }];
  const drafts: Draft[] = [
    awaitEnd(process, what, 'it ends with its last task'),
    { ...kill(process, what, 'it serves nobody any more'), guards },
  ];
  return drafts.map((draft) => ({ ...draft, onFailure: 'go-on' }));
}
