import { nodePicture } from '../../derive/picture/node.ts';
import { podViews } from '../../derive/pod-view.ts';
import type { FactName } from '../../model/facts.ts';
import { POD_FACTS } from '../../model/inside.ts';
import { renderPicture } from '../../report/picture/picture.ts';
import { type Args, one } from '../args.ts';
import type { Ruling } from '../config/ruling.ts';
import { judgeSnapshot, withOwnConfig } from '../judge.ts';
import { see, wantedBy } from '../look.ts';
import type { Terminal } from '../terminal.ts';
import { tellHoles } from './answer.ts';
import type { InsideRequest } from './request.ts';
import { whichPod } from './which-pod.ts';

const NEEDS: FactName[] = ['sandboxes', 'containers', 'processes', 'networks'];

/** `podctl tree -o svg`: looks as the doctor does, so that what it finds is marked. */
export async function drawTree(
  args: Args,
  request: InsideRequest,
  { checks, off, policy }: Ruling,
  terminal: Terminal,
): Promise<number> {
  const judging = checks.filter(({ meta }) => !off.has(meta.id));
  const wanted = wantedBy({ checks: judging, require: POD_FACTS, saveSnapshot: null });
  const { snapshot, interrupted } = await see(wanted, request, terminal);
  const text = one(args, 'pod');
  const pod = text === undefined ? undefined : whichPod(podViews(snapshot.facts), text, terminal);
  if (pod !== null) {
    const given = withOwnConfig(snapshot, policy);
    const judged = await judgeSnapshot({ checks: judging, policy }, given);
    const only = pod === undefined ? undefined : ({ id }: { id: string }) => id === pod.id;
    terminal.out(renderPicture(nodePicture(snapshot.facts, judged, only)));
  }
  const incomplete = tellHoles(snapshot.facts, NEEDS, terminal);
  return interrupted ?? (incomplete ? 3 : pod === null ? 1 : 0);
}
