import { repairOwn } from '../../derive/command.ts';
import { isOwn, sandboxViews } from '../../derive/sandbox-view.ts';
import type { Guard } from '../../model/plan.ts';
import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known, knownOrNot, notPossible } from './known.ts';

/** The pin is made again from the live pause, in the place that the runtime recorded. */
export const pinLost: Remedy = {
  check: 'netns/pin-lost',
  messages: null,
  kind: null,
  plan(request) {
    const { finding, takenAt, facts, check } = request;
    const found = known(request, 'processes', 'endpoints');
    if ('refusal' in found) return found;
    const { sandboxes, containers, store, bundles } = facts;
    const witnesses = {
      ...(sandboxes && { sandboxes }),
      ...(containers && { containers }),
      ...(store && { store }),
    };
    const views = sandboxViews({ ...found.known, ...witnesses, ...(bundles && { bundles }) });
    const view = views.find(({ id }) => id === finding.subject.id);
    if (view && isOwn(view))
      return notPossible("podctl's own sandboxes are repaired as a whole", repairOwn(view).join(' '));
    const ns = view?.pause?.ns.net ?? null;
    if (!view?.pause || ns === null)
      return notPossible('no pause holds the namespace', 'stop the sandbox, and let kubelet make it anew');
    const { pid, startTicks } = view.pause;
    const from = `/proc/${pid}/ns/net`;
    const to = String(finding.data.path);
    const guards: Guard[] = [
      { kind: 'process-is', process: { pid, startTicks } },
      { kind: 'namespace-is', path: from, ns },
    ];
    const isFile = knownOrNot(request, 'pins')?.pins.some((pin) => pin.path === to && pin.ns === null);
    const drafts = [
      ...(isFile
        ? [step({ kind: 'unpin', path: to, ns: null }, 'nothing is mounted on it', { guards })]
        : []),
      step({ kind: 'pin', from, ns, to }, 'pause is still in the namespace', { guards }),
    ];
    const basedOn = `the look of ${takenAt}`;
    return { plan: planOf({ remedy: check, risk: 'disruptive', subject: finding.subject, basedOn }, drafts) };
  },
};
