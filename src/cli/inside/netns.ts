import { publishedPorts } from '../../cni/published-ports.ts';
import { socketHolders } from '../../collect/socket-holders.ts';
import { netnsReport } from '../../derive/netns-report.ts';
import { factOf, podViews, type Seen } from '../../derive/pod-view.ts';
import { createReadHost, type ReadHost } from '../../host/read-host.ts';
import type { FactName } from '../../model/facts.ts';
import { POD_FACTS } from '../../model/inside.ts';
import type { PublishedPort } from '../../model/netns-report.ts';
import { escapeText } from '../../report/escape.ts';
import { renderNetns } from '../../report/netns.ts';
import { type Args, one } from '../args.ts';
import { findHostRoot } from '../host-root.ts';
import { kindOf } from '../kind-of.ts';
import type { Terminal } from '../terminal.ts';
import { answerHead, seeInside, tell, tellHoles } from './answer.ts';
import { lookInto } from './look-into.ts';
import { insideRequest } from './request.ts';
import { whichPod } from './which-pod.ts';

const NEEDS: FactName[] = ['sandboxes', 'containers', 'processes'];
const MAX_CACHE_FILE = 4 * 1024 * 1024;

/** `podctl netns POD`: looks into the pod's network namespace now. */
export async function netnsCommand(args: Args, terminal: Terminal): Promise<number> {
  const request = insideRequest(args, kindOf);
  const { snapshot, interrupted } = await seeInside(POD_FACTS, request, terminal);
  const seen = snapshot.facts;
  const pods = podViews(seen);
  const pod = whichPod(pods, one(args, 'pod') ?? '', terminal);
  if (pod === null) return interrupted ?? (tellHoles(seen, NEEDS, terminal) ? 3 : 1);
  const host = createReadHost(request.root ?? findHostRoot());
  const looked = await lookInto(host, seen, pod);
  if ('problem' in looked) {
    terminal.err(`not seen: ${escapeText(pod.title)}: ${escapeText(looked.problem)}\n`);
    return interrupted ?? (looked.gone ? 1 : 3);
  }
  const { inside, node } = looked;
  const processes = factOf(seen, 'processes') ?? [];
  const own = new Set<string | null>([pod.id, ...pod.containers.map((c) => c.id)]);
  const near = processes.filter(
    (p) => own.has(p.containerId) || (!pod.hostNetwork && p.ns.net === inside.id),
  );
  const published = publishedByPod(host, seen);
  // The node's own listeners matter to whoever publishes a port, and reading all descriptors of it takes time.
  const onNode = node !== null && published.has(pod.id) ? processes.filter((p) => p.ns.net === node.id) : [];
  const { holders, denied } = socketHolders(host, [...new Set([...near, ...onNode].map((p) => p.pid))]);
  const report = netnsReport({
    pod,
    pods,
    ns: inside.id,
    seenAt: inside.path,
    inside,
    host: node,
    processes,
    holders,
    published,
  });
  await tell(
    { ...answerHead('podctl.netns/v1', snapshot), ...report },
    (layout) => renderNetns(report, layout),
    request,
    terminal,
  );
  if (denied.length > 0)
    terminal.err(`not seen: open files of ${denied.length} processes: permission denied\n`);
  const incomplete = tellHoles(seen, NEEDS, terminal) || denied.length > 0;
  return interrupted ?? (incomplete ? 3 : 0);
}

/** What every attachment's cache entry says was published. */
function publishedByPod(host: ReadHost, seen: Seen): Map<string, PublishedPort[]> {
  const published = new Map<string, PublishedPort[]>();
  for (const { path, containerId } of factOf(seen, 'pins')?.attachments ?? []) {
    const ports = publishedPorts(textOf(host, path), path);
    if (ports.length > 0) published.set(containerId, [...(published.get(containerId) ?? []), ...ports]);
  }
  return published;
}

/** '' for a file that went away or is none of ours to read: it publishes nothing that we could tell. */
function textOf(host: ReadHost, path: string): string {
  try {
    return host.readFile(path, { max: MAX_CACHE_FILE });
  } catch {
    return '';
  }
}
