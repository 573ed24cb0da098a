import { createdAt } from '../../derive/find-pod.ts';
import { podSummary } from '../../derive/pod-data.ts';
import { factOf, type PodView, podViews } from '../../derive/pod-view.ts';
import type { FactName } from '../../model/facts.ts';
import { POD_FACTS } from '../../model/inside.ts';
import { renderPs } from '../../report/ps.ts';
import type { Args } from '../args.ts';
import { kindOf } from '../kind-of.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { answerHead, type InsideExit, seeInside, tell, tellHoles } from './answer.ts';
import { type Filter, isFiltered, podFilter } from './filter.ts';
import { insideRequest } from './request.ts';

const NEEDS: FactName[] = ['sandboxes', 'containers', 'processes'];

/** `podctl ps`: pods, the newest first. */
export async function psCommand(args: Args, terminal: Terminal): Promise<number> {
  const request = insideRequest(args, kindOf);
  const filter = podFilter(args);
  if (args.quiet === true && (request.jq !== null || args.output !== undefined))
    throw new UsageError('-q prints ids and nothing else', 'leave out -q, -o or --jq');
  const { snapshot, interrupted } = await seeInside(POD_FACTS, request, terminal);
  const seen = snapshot.facts;
  const pods = chosen(podViews(seen), filter).map(podSummary);
  const now = factOf(seen, 'host')?.now ?? Date.parse(snapshot.takenAt);
  const dropsPause = factOf(seen, 'runtimeConfig')?.dropsInfra ?? factOf(seen, 'runtime')?.name === 'cri-o';
  const data = { ...answerHead('podctl.ps/v1', snapshot), pods };
  if (args.quiet === true) terminal.out(pods.map(({ id }) => `${id}\n`).join(''));
  else await tell(data, (layout) => renderPs(pods, { ...layout, now, dropsPause }), request, terminal);
  const exit: InsideExit = tellHoles(seen, NEEDS, terminal)
    ? 3
    : pods.length === 0 && isFiltered(filter)
      ? 1
      : 0;
  return interrupted ?? exit;
}

function chosen(pods: readonly PodView[], { wanted, last }: Filter): PodView[] {
  const sorted = pods.filter(wanted).sort((a, b) => createdAt(b) - createdAt(a) || (a.id < b.id ? -1 : 1));
  return last === null ? sorted : sorted.slice(0, last);
}
