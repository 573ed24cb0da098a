import { repairOwn } from '../../derive/command.ts';
import { isOwn, type SandboxView, sandboxViews } from '../../derive/sandbox-view.ts';
import { awaitEnd, type Draft, kill, planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known, notPossible } from './known.ts';
import { bundlesOf } from './scene.ts';

/** The rest of the pod is stopped and removed through CRI; kubelet makes it anew. */
export const anchorLost: Remedy = {
  check: 'sandbox/anchor-lost',
  messages: null,
  kind: null,
  plan(request) {
    const { finding, takenAt, facts, check } = request;
    const found = known(request, 'processes', 'endpoints', 'sandboxes', 'containers', 'runtime');
    if ('refusal' in found) return found;
    const { store, bundles } = facts;
    const views = sandboxViews({ ...found.known, ...(store && { store }), ...(bundles && { bundles }) });
    const view = views.find(({ id }) => id === finding.subject.id);
    if (!view) return notPossible('the sandbox is not there any more', 'look again');
    if (isOwn(view))
      return notPossible('a new pause can take over its namespaces', repairOwn(view).join(' '));
    if (view.listed === null)
      return notPossible(
        'the runtime does not list the sandbox, and removing its containers through CRI can crash containerd 2.x',
        'stop the containers with crictl, delete their records with ctr, and restart containerd',
      );
    const { endpoint } = found.known.runtime;
    const isRunning = view.members.length > 0;
    const names = view.members
      .map(({ id, listed }) => listed?.name ?? id.slice(0, 13))
      .sort()
      .join(', ');
    const stop = step(
      { kind: 'stop-sandbox', endpoint, sandbox: view.id },
      isRunning ? `${names} cannot be given a new pause: they end` : 'its pause is dead',
      { guards: [{ kind: 'sandbox-unready', endpoint, id: view.id }] },
    );
    const remove = step({ kind: 'remove-sandbox', endpoint, sandbox: view.id }, 'its name is free again', {
      guards: [{ kind: 'sandbox-unready', endpoint, id: view.id }],
    });
    const risk = isRunning ? 'destructive' : 'disruptive';
    const basedOn = `the look of ${takenAt}`;
    const drafts = [stop, remove, ...shimEnds(view, endpoint, bundlesOf(request))];
    return { plan: planOf({ remedy: check, risk, subject: finding.subject, basedOn }, drafts) };
  },
};

/** containerd 2.x may forget the shim of a sandbox whose pause died first: then it stays for ever. */
function shimEnds({ id, shim }: SandboxView, endpoint: string, bundles: string[]): Draft[] {
  if (!shim) return [];
  const what = `shim of sandbox ${id.slice(0, 13)}`;
  const guards: Draft['guards'] = [
    { kind: 'childless', process: { pid: shim.pid, startTicks: shim.startTicks } },
    { kind: 'disowned', endpoint, id, bundles },
  ];
  return [
    awaitEnd(shim, what, 'containerd ends it'),
    { ...kill(shim, what, 'it serves nobody any more'), guards },
  ].map((draft) => ({ ...draft, onFailure: 'go-on' }));
}
