import { NO_POLICY } from '../../check/policy.ts';
import { nodePicture } from '../../derive/picture/node.ts';
import { podViews } from '../../derive/pod-view.ts';
import type { FactName } from '../../model/facts.ts';
import { POD_FACTS } from '../../model/inside.ts';
import { renderPicture } from '../../report/picture/picture.ts';
import { type Args, one } from '../args.ts';
import { builtinChecks } from '../builtin-checks.ts';
import { judgeSnapshot } from '../judge.ts';
import { see, wantedBy } from '../look.ts';
import type { Terminal } from '../terminal.ts';
import { tellHoles } from './answer.ts';
import type { InsideRequest } from './request.ts';
import { whichPod } from './which-pod.ts';

const NEEDS: FactName[] = ['sandboxes', 'containers', 'processes', 'networks'];

/** `podctl tree -o svg`: looks as the doctor does, so that what it finds is marked. */
export async function drawTree(args: Args, request: InsideRequest, terminal: Terminal): Promise<number> {
  const wanted = wantedBy({ checks: builtinChecks, require: POD_FACTS, saveSnapshot: null });
  const { snapshot, interrupted } = await see(wanted, request, terminal);
  const text = one(args, 'pod');
  const pod = text === undefined ? undefined : whichPod(podViews(snapshot.facts), text, terminal);
  if (pod !== null) {
    const checks = await judgeSnapshot({ checks: builtinChecks, policy: NO_POLICY }, snapshot);
    const only = pod === undefined ? undefined : ({ id }: { id: string }) => id === pod.id;
    terminal.out(renderPicture(nodePicture(snapshot.facts, checks, only)));
  }
  const incomplete = tellHoles(snapshot.facts, NEEDS, terminal);
  return interrupted ?? (incomplete ? 3 : pod === null ? 1 : 0);
}
