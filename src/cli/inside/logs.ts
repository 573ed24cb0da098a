import { type PodContainer, type PodView, podViews } from '../../derive/pod-view.ts';
import { isOwn } from '../../derive/sandbox-view.ts';
import { createReadHost } from '../../host/read-host.ts';
import type { FactName } from '../../model/facts.ts';
import { escapeText } from '../../report/escape.ts';
import { type Args, one } from '../args.ts';
import { findHostRoot } from '../host-root.ts';
import { kindOf } from '../kind-of.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { seeInside, tellHoles } from './answer.ts';
import { containerLog } from './container-log.ts';
import type { LogOptions } from './log-file.ts';
import { pauseLog } from './pause-log.ts';
import { insideRequest } from './request.ts';
import { ambiguous, tellNone, whichPod } from './which-pod.ts';

const NEEDS: FactName[] = ['sandboxes', 'containers'];
const FACTS: FactName[] = [
  ...NEEDS,
  'endpoints',
  'runtime',
  'runtimeConfig',
  'processes',
  'bundles',
  'ownSandboxes',
];

/** `podctl logs POD [CONTAINER]`: the pause's without a container. */
export async function logsCommand(args: Args, terminal: Terminal): Promise<number> {
  const request = insideRequest(args, kindOf);
  const options = logOptions(args);
  const name = one(args, 'container');
  if (name === undefined && args.follow === true)
    throw new UsageError('-f goes with a container: a pause writes nothing that could be waited for');
  const { snapshot, interrupted } = await seeInside(FACTS, request, terminal);
  const seen = snapshot.facts;
  const pod = whichPod(podViews(seen), one(args, 'pod') ?? '', terminal);
  if (pod === null || interrupted !== undefined)
    return interrupted ?? (tellHoles(seen, NEEDS, terminal) ? 3 : 1);
  const host = createReadHost(request.root ?? findHostRoot());
  if (name === undefined) return pauseLog(host, seen, pod, options, terminal);
  const container = whichContainer(pod, name, terminal);
  if (container === null) return tellHoles(seen, NEEDS, terminal) ? 3 : 1;
  if (isOwn(pod)) return ownLog(pod, container, args, terminal);
  return containerLog({ host, seen, request, options, pod, container }, args.follow === true, terminal);
}

function logOptions(args: Args): LogOptions {
  const tail = one(args, 'tail');
  if (tail !== undefined && !/^\d{1,9}$/.test(tail))
    throw new UsageError(`--tail: "${tail}" is no number of lines`);
  return {
    tail: tail === undefined ? Number.POSITIVE_INFINITY : Number(tail),
    timestamps: args.timestamps === true,
  };
}

/** Of several attempts the running one, else the last. */
function whichContainer(
  { title, containers }: PodView,
  name: string,
  terminal: Terminal,
): PodContainer | null {
  const rank = (c: PodContainer) => (c.state === 'running' ? 1e9 : 0) + c.attempt;
  const named = containers.filter((c) => c.name === name).sort((a, b) => rank(b) - rank(a));
  const [first] = named;
  if (first) return first;
  const byId = /^[0-9a-f]{4,64}$/.test(name) ? containers.filter((c) => c.id.startsWith(name)) : [];
  if (byId.length > 1)
    throw ambiguous(
      name,
      byId.map((c) => ({ id: c.id, title: c.name })),
    );
  const [only] = byId;
  if (only) return only;
  const names = [...new Set(containers.map((c) => c.name))];
  tellNone(`container of ${escapeText(title)}`, name, names, terminal);
  if (names.length > 0) terminal.err(`hint: it has ${names.map(escapeText).join(', ')}\n`);
  return null;
}

/** podctl knows the logs of its own containers. */
async function ownLog(
  pod: PodView,
  container: PodContainer,
  args: Args,
  terminal: Terminal,
): Promise<number> {
  const { performSandbox } = await import('../sandbox/perform.ts');
  return performSandbox('logs', { ...args, sandbox: pod.id, container: container.name }, terminal);
}
