import type { FactName, Facts, Process } from '../../model/facts.ts';
import { holeOf } from '../../model/outcome.ts';
import { NO_WORD, type Party, type Said, says, UNSEEN } from '../../model/truths.ts';
import { factOf, type PodView, type Seen } from '../pod-view.ts';
import { isOwn } from '../sandbox-view.ts';

/** What a fact lets somebody say: nothing where the node has no such thing, and not seen where it failed. */
export function wordOf<N extends FactName>(seen: Seen, name: N, word: (value: Facts[N]) => string): Said {
  const value = factOf(seen, name);
  if (value !== undefined) return says(word(value));
  return seen[name]?.status === 'absent' ? NO_WORD : UNSEEN;
}

/** The same where the absence of a member proves something: a partial fact does not tell that. */
export function isWhole(seen: Seen, name: FactName): boolean {
  return seen[name]?.status === 'complete';
}

/** Which facts each party's words come from. */
const WITNESSES: [Party, FactName][] = [
  ['kubelet', 'podOwners'],
  ['runtime', 'sandboxes'],
  ['runtime', 'containers'],
  ['runtime', 'store'],
  ['kernel', 'processes'],
  ['kernel', 'networks'],
  ['kernel', 'cgroups'],
  ['disk', 'pins'],
  ['disk', 'bundles'],
  ['disk', 'reservations'],
  ['disk', 'cniCache'],
];

/** Why somebody could not be asked, or not for all; each reason once. */
export function unseenOf(seen: Seen): { party: Party; why: string }[] {
  const found = WITNESSES.flatMap(([party, name]) => {
    const why = whyUnseen(seen, name);
    return why === '' ? [] : [{ party, why }];
  });
  return found.filter((one, i) => found.findIndex((o) => o.party === one.party && o.why === one.why) === i);
}

/** Kubelet's list may be lacking in a fact that is whole. */
function whyUnseen(seen: Seen, name: FactName): string {
  const owners = name === 'podOwners' ? factOf(seen, 'podOwners') : undefined;
  const silent = owners?.pods === null && owners.kubelet !== 'none' ? owners.why : '';
  return holeOf(name, seen[name]) || silent;
}

/** What kubelet says of a pod. It has no word about podctl's own, and where there is none. */
export function kubeletWord(seen: Seen, pod: PodView): Said {
  const owners = factOf(seen, 'podOwners');
  if (isOwn(pod) || seen.podOwners?.status === 'absent' || owners?.kubelet === 'none') return NO_WORD;
  if (owners === undefined || owners.pods === null) return UNSEEN;
  const uid = pod.meta?.uid;
  const known = owners.pods.find((p) => p.uid === uid || (p.staticUid !== '' && p.staticUid === uid));
  return says(known?.phase ?? NOT_KNOWN);
}

export const NOT_KNOWN = 'no such pod';

/** `pid 412 nginx` */
export function processWord({ pid, comm, state }: Process): string {
  const stopped = state === 'T' || state === 't' ? ', stopped' : '';
  return `pid ${pid} ${comm}${stopped}`;
}
