import { type Member, type SandboxView, sandboxViews } from '../../derive/sandbox-view.ts';
import type { Risk } from '../../model/check.ts';
import type { Facts, Process } from '../../model/facts.ts';
import { planOf } from '../draft.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import { known, knownOrNot, notPossible } from './known.ts';
import { kubeletOn, kubeletSilent } from './kubelet-word.ts';
import { wasChanged } from './netns-leaked.ts';
import { endsOf, type Orphan } from './orphan-ends.ts';
import { leftoversOf } from './orphan-leftovers.ts';
import { type Scene, sceneOf } from './scene.ts';

export const orphanedPause: Remedy = {
  check: 'sandbox/orphaned-pause',
  messages: ['unlisted', 'believedDead'],
  kind: 'sandboxes',
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const found = known(request, 'processes', 'endpoints', 'sandboxes');
    if ('refusal' in found) return found;
    const { finding, check } = request;
    const view = viewOf(request, found.known);
    if (!view?.pause) return notPossible('the pause is gone', 'look again');
    const { pause } = view;
    const others = isOfHost(request, pause) ? [] : strangers(found.known.processes, view, pause);
    const judged = riskOf(request, view, pause, others);
    if (typeof judged !== 'string') return judged;
    const orphan = orphanOf(request, scene, view, pause);
    const left = leftoversOf(request, orphan);
    if (left.changed.length > 0) return wasChanged(left.changed);
    const what = { remedy: check, risk: judged, subject: finding.subject, basedOn: scene.basedOn };
    const notes = view.listed || orphan.recordsOf(view.id).length === 0 ? [] : [STILL_LISTED];
    return { plan: planOf({ ...what, notes }, [...endsOf(request, orphan), ...left.drafts]) };
  },
};

const STILL_LISTED = 'containerd goes on listing its containers, as exited, until it is restarted';

function viewOf(
  { facts, finding }: RemedyRequest,
  seen: Pick<Facts, 'processes' | 'endpoints' | 'sandboxes'>,
): SandboxView | undefined {
  const { containers, store, bundles } = facts;
  const more = { ...(containers && { containers }), ...(store && { store }), ...(bundles && { bundles }) };
  return sandboxViews({ ...seen, ...more }).find(({ id }) => id === finding.subject.id);
}

/** With somebody in it, it ends what runs: then kubelet's side must disown the pod. */
function riskOf(
  request: RemedyRequest,
  { members, meta }: SandboxView,
  pause: Process,
  others: readonly Process[],
): Risk | Planned {
  const word = kubeletOn(request, meta?.uid || pause.podUid);
  if (others.length > 0 && !request.force.includes('not-alone')) return notAlone(others);
  if (members.length === 0 && others.length === 0) {
    const isNobodys = word.says === 'unknown' || knownOrNot(request, 'podOwners')?.kubelet === 'none';
    return isNobodys ? 'safe' : 'disruptive';
  }
  if (word.says === 'silent') return kubeletSilent(word.why);
  if (word.says === 'known') return wanted(members);
  return 'destructive';
}

/** A pod in the node's own network has everybody about it. */
function isOfHost(request: RemedyRequest, { ns }: Process): boolean {
  const host = knownOrNot(request, 'host');
  return ns.net !== null && (ns.net === host?.self.net || ns.net === host?.init.net);
}

/** Live processes in its network namespace that belong neither to the pause nor to a container of it. */
function strangers(processes: readonly Process[], { members, id }: SandboxView, pause: Process): Process[] {
  const own = new Set([id, ...members.map((member) => member.id)]);
  return processes.filter(
    (one) =>
      one.pid !== pause.pid &&
      one.state !== 'Z' &&
      pause.ns.net !== null &&
      one.ns.net === pause.ns.net &&
      one.cni === null &&
      !own.has(one.containerId ?? ''),
  );
}

function notAlone(others: readonly Process[]): Planned {
  const [first] = others;
  const reason = `process ${first?.pid} (${first?.comm}) is in its namespaces, and is none of its containers`;
  const surer = `end it, or --force not-alone`;
  return { refusal: { name: 'not-alone', reason, surer } };
}

function wanted(members: readonly Member[]): Planned {
  const names = members.map(({ id, listed }) => listed?.name ?? id.slice(0, 13)).join(', ');
  return notPossible(
    `${names} runs in it, and kubelet knows the pod`,
    'delete the pod with kubectl, and look again',
  );
}

function orphanOf(request: RemedyRequest, scene: Scene, view: SandboxView, pause: Process): Orphan {
  const bundles = new Set((knownOrNot(request, 'bundles') ?? []).map(({ id }) => id));
  const apps = knownOrNot(request, 'storeContainers') ?? [];
  const stored = [...(knownOrNot(request, 'store')?.records ?? []), ...apps].map(({ id }) => id);
  return {
    scene,
    view,
    pause,
    hasBundle: (id) => bundles.has(id),
    hasRecord: (id) => stored.includes(id),
    recordsOf: (sandbox) => apps.filter((app) => app.sandboxId === sandbox).map(({ id }) => id),
    isContainerd: knownOrNot(request, 'runtime')?.name === 'containerd',
  };
}
