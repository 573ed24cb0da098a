import { podTree } from '../../derive/pod-tree.ts';
import { podViews } from '../../derive/pod-view.ts';
import type { FactName } from '../../model/facts.ts';
import { POD_FACTS } from '../../model/inside.ts';
import { renderTrees } from '../../report/tree.ts';
import { type Args, one } from '../args.ts';
import type { Ruling } from '../config/ruling.ts';
import { kindOf } from '../kind-of.ts';
import type { Terminal } from '../terminal.ts';
import { answerHead, seeInside, tell, tellHoles } from './answer.ts';
import { insideRequest, TREE_FORMATS } from './request.ts';
import { whichPod } from './which-pod.ts';

const NEEDS: FactName[] = ['sandboxes', 'containers', 'processes'];

/** `podctl tree [POD]`: all pods without one. */
export async function treeCommand(
  args: Args,
  terminal: Terminal,
  rulingOf: () => Promise<Ruling>,
): Promise<number> {
  const request = insideRequest(args, kindOf, TREE_FORMATS);
  if (request.output === 'svg')
    return (await import('./picture.ts')).drawTree(args, request, await rulingOf(), terminal);
  const { snapshot, interrupted } = await seeInside(POD_FACTS, request, terminal);
  const pods = podViews(snapshot.facts);
  const text = one(args, 'pod');
  const pod = text === undefined ? undefined : whichPod(pods, text, terminal);
  const shown = pod === undefined ? byTitle(pods) : pod === null ? [] : [pod];
  const trees = shown.map((one) => podTree(snapshot.facts, pods, one));
  if (pod !== null) {
    const data = { ...answerHead('podctl.tree/v1', snapshot), pods: trees };
    await tell(data, (layout) => renderTrees(trees, layout), request, terminal);
  }
  const incomplete = tellHoles(snapshot.facts, NEEDS, terminal);
  return interrupted ?? (incomplete ? 3 : pod === null ? 1 : 0);
}

function byTitle<T extends { title: string }>(pods: readonly T[]): T[] {
  return [...pods].sort((a, b) => (a.title < b.title ? -1 : 1));
}
