import { ownersOf } from '../../derive/owner/owners.ts';
import { podViews } from '../../derive/pod-view.ts';
import type { FactName } from '../../model/facts.ts';
import { POD_FACTS } from '../../model/inside.ts';
import type { OwnerMeaning } from '../../model/owner-report.ts';
import { escapeText } from '../../report/escape.ts';
import { renderOwners } from '../../report/owner.ts';
import { type Args, one } from '../args.ts';
import { kindOf } from '../kind-of.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { answerHead, type InsideExit, seeInside, tell, tellHoles } from './answer.ts';
import { insideRequest } from './request.ts';

const NEEDS: FactName[] = ['sandboxes', 'containers', 'processes', 'pins', 'networks'];
const FACTS: FactName[] = [
  ...POD_FACTS,
  'daemons',
  'storeContainers',
  'reservations',
  'cgroups',
  'podOwners',
];

/** `podctl owner THING`: every meaning of it, and whose each is. */
export async function ownerCommand(args: Args, terminal: Terminal): Promise<number> {
  const request = insideRequest(args, kindOf);
  const text = (one(args, 'thing') ?? '').trim();
  if (text === '') throw new UsageError('the name of the thing is empty');
  const { snapshot, interrupted } = await seeInside(FACTS, request, terminal);
  const meanings = ownersOf(snapshot.facts, podViews(snapshot.facts), text);
  const data = { ...answerHead('podctl.owner/v1', snapshot), asked: text, meanings };
  if (meanings.length === 0) {
    const incomplete = tellHoles(snapshot.facts, NEEDS, terminal);
    const why = incomplete ? 'that was seen, but not all could be' : 'on this node';
    terminal.err(`error: nothing ${why} is called "${escapeText(text.slice(0, 253))}"\n`);
    return interrupted ?? (incomplete ? 3 : 1);
  }
  await tell(data, (layout) => renderOwners(meanings, layout), request, terminal);
  return interrupted ?? exitOf(meanings);
}

function exitOf(meanings: readonly OwnerMeaning[]): InsideExit {
  const has = (verdict: OwnerMeaning['verdict']) => meanings.some((m) => m.verdict === verdict);
  if (has('pod') || has('node')) return 0;
  return has('unknown') ? 3 : 1;
}
