import { podViews } from '../../derive/pod-view.ts';
import { findInspected, type Inspected, inspect } from '../../derive/truths/inspect.ts';
import type { FactName } from '../../model/facts.ts';
import { POD_FACTS } from '../../model/inside.ts';
import { renderInspect } from '../../report/inspect.ts';
import { type Args, one } from '../args.ts';
import { kindOf } from '../kind-of.ts';
import type { Terminal } from '../terminal.ts';
import { answerHead, seeInside, tell, tellHoles } from './answer.ts';
import { insideRequest } from './request.ts';
import { ambiguous, tellNone } from './which-pod.ts';

const NEEDS: FactName[] = ['sandboxes', 'containers', 'processes'];
const FACTS: FactName[] = [
  ...POD_FACTS,
  'daemons',
  'tasks',
  'reservations',
  'cgroups',
  'podOwners',
  'kubelet',
];

/** `podctl inspect POD|CONTAINER|PID`: what kubelet, runtime, kernel and disk say, side by side. */
export async function inspectCommand(args: Args, terminal: Terminal): Promise<number> {
  const request = insideRequest(args, kindOf);
  const text = one(args, 'thing') ?? '';
  const { snapshot, interrupted } = await seeInside(FACTS, request, terminal);
  const seen = snapshot.facts;
  const pods = podViews(seen);
  const [what, ...others] = findInspected(seen, pods, text);
  if (what !== undefined && others.length > 0) throw ambiguous(text, [what, ...others].map(nameOf));
  if (what === undefined) {
    const names = pods.flatMap((p) => (p.meta ? [`${p.meta.namespace}/${p.meta.name}`] : []));
    tellNone('pod, container or process', text, [...new Set(names)], terminal);
  } else {
    const report = inspect(seen, pods, what);
    const data = { ...answerHead('podctl.inspect/v1', snapshot), ...report };
    await tell(data, (layout) => renderInspect(report, layout), request, terminal);
  }
  const incomplete = tellHoles(seen, NEEDS, terminal);
  return interrupted ?? (incomplete ? 3 : what === undefined ? 1 : 0);
}

function nameOf(what: Inspected): { id: string; title: string } {
  if (what.kind === 'container')
    return { id: what.container.id, title: `${what.pod.title}/${what.container.name}` };
  return { id: what.pod?.id ?? '', title: what.pod?.title ?? '' };
}
