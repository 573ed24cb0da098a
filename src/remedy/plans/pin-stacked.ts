import { servingDaemon } from '../../derive/daemon.ts';
import { sandboxViews } from '../../derive/sandbox-view.ts';
import { knownValue } from '../../model/outcome.ts';
import type { ProcessIdentity } from '../../model/plan.ts';
import { planOf, step } from '../draft.ts';
import type { Remedy, RemedyRequest } from '../remedy.ts';
import { known, knownOrNot, notPossible } from './known.ts';
import { sceneOf } from './scene.ts';

/** The upper mounts go, in the mount namespace of whoever has them; the sandbox's own pin stays. */
export const pinStacked: Remedy = {
  check: 'netns/pin-stacked',
  messages: ['stacked'],
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'endpoints', 'sandboxes');
    if ('refusal' in found) return found;
    const { finding, check, facts } = request;
    // A part is enough: the guard reads the mounts themselves, and who has them.
    const pins = knownValue(facts.pins);
    const processes = knownValue(facts.processes) ?? [];
    const pin = pins?.pins.find(({ path }) => path === finding.data.path);
    if (!pins || !pin || pin.ns === null || !pin.stacked)
      return notPossible('nothing is stacked on the pin any more', 'look again');
    const view = sandboxViews({ ...found.known, processes }).find(({ id }) => id === finding.subject.id);
    if (view?.pause && view.pause.ns.net !== pin.ns)
      return notPossible(
        'what is mounted there is not the namespace that its pause is in',
        'umount it by hand, and see what remains',
      );
    const seer = seerOf(request, pins.seenBy.pid, scene.endpoint);
    if (!seer) return notPossible('the process that has the mounts is gone', 'look again');
    const stack = { path: pin.path, ns: pin.ns, layers: pin.stacked, among: seer };
    const draft = step(
      { kind: 'unstack', ...stack },
      'the runtime unmounts one alone, and then finds it busy',
      {
        guards: [{ kind: 'pin-stacked', ...stack }],
      },
    );
    const what = {
      remedy: check,
      risk: 'disruptive',
      subject: finding.subject,
      basedOn: scene.basedOn,
    } as const;
    return { plan: planOf(what, [draft]) };
  },
};

/** Of runtimes that see the same mounts, the one that is asked: others come and go. */
function seerOf(request: RemedyRequest, seenBy: number, endpoint: string): ProcessIdentity | null {
  const daemons = knownOrNot(request, 'daemons') ?? [];
  const [config, host] = [knownOrNot(request, 'runtimeConfig'), knownOrNot(request, 'host')];
  const serving = servingDaemon(endpoint, daemons, config, host);
  const saw = daemons.find(({ pid }) => pid === seenBy);
  const process = knownValue(request.facts.processes)?.find(({ pid }) => pid === seenBy);
  const seer = serving && serving.mnt !== null && serving.mnt === saw?.mnt ? serving : process;
  return seer ? { pid: seer.pid, startTicks: seer.startTicks } : null;
}
