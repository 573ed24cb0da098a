import { outputsOf, pauseLogPath } from '../../collect/pause-log.ts';
import { openSession, RpcError } from '../../cri/session.ts';
import { factOf, type PodContainer, type PodView, podViews, type Seen } from '../../derive/pod-view.ts';
import { isOwn } from '../../derive/sandbox-view.ts';
import { isRunning } from '../../host/process.ts';
import { createReadHost, type ReadHost } from '../../host/read-host.ts';
import type { FactName } from '../../model/facts.ts';
import { escapeText } from '../../report/escape.ts';
import { type Args, one } from '../args.ts';
import { findHostRoot } from '../host-root.ts';
import { kindOf } from '../kind-of.ts';
import { stoppable } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { seeInside, tellHoles } from './answer.ts';
import { type LogFile, type LogOptions, logWriter, openNodeLog } from './log-file.ts';
import { type InsideRequest, insideRequest } from './request.ts';
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
const POLL_MS = 200;
const FOREVER_MS = 2 ** 31 - 1;

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

interface LogJob {
  host: ReadHost;
  seen: Seen;
  request: InsideRequest;
  options: LogOptions;
  pod: PodView;
  container: PodContainer;
}

async function containerLog(job: LogJob, follow: boolean, terminal: Terminal): Promise<number> {
  const { host, options, container, pod } = job;
  const what = `container ${escapeText(container.name)} of ${escapeText(pod.title)}`;
  const asked = await logPathOf(job);
  if ('problem' in asked) {
    terminal.err(`not seen: ${escapeText(asked.problem)}\n`);
    return 3;
  }
  if (asked.path === '') {
    terminal.err(`error: ${what} has no log: whoever made it asked for none\n`);
    return 1;
  }
  const log = openNodeLog(host, asked.path);
  if (log === null) {
    terminal.err(`error: the log of ${what} is gone: there is no ${escapeText(asked.path)}\n`);
    return 1;
  }
  try {
    const write = logWriter(terminal, options);
    for (const line of lastOf(log.more(), options.tail)) write(line);
    return follow ? await followLog(log, container, write, terminal) : 0;
  } finally {
    log.close();
  }
}

async function logPathOf({
  host,
  seen,
  request,
  container,
}: LogJob): Promise<{ path: string } | { problem: string }> {
  const endpoint = factOf(seen, 'runtime')?.endpoint;
  if (endpoint === undefined)
    return { problem: 'the runtime did not answer, and it alone knows where the log is' };
  const session = openSession(host.locate(endpoint), endpoint, request.timeoutMs);
  try {
    const { status } = await session.call('ContainerStatus', (c, o) =>
      c.runtime.containerStatus({ containerId: container.id }, o),
    );
    return { path: status?.logPath ?? '' };
  } catch (error) {
    if (error instanceof RpcError) return { problem: error.failure.message };
    throw error;
  } finally {
    session.close();
  }
}

function lastOf<T>(lines: T[], count: number): T[] {
  return count === Number.POSITIVE_INFINITY ? lines : lines.slice(Math.max(0, lines.length - count));
}

/** Until the container's first process has ended; 130 when we are interrupted. */
async function followLog(
  log: LogFile,
  { init }: PodContainer,
  write: ReturnType<typeof logWriter>,
  terminal: Terminal,
): Promise<number> {
  const stop = stoppable(FOREVER_MS);
  try {
    for (let goesOn = true; goesOn && !stop.signal.aborted && !terminal.isGone?.(); ) {
      goesOn = init !== null && isRunning(init);
      // Its last words take a moment from the pipe to the file.
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      for (const line of log.more()) write(line);
    }
  } finally {
    stop.done();
  }
  return stop.exitCode() ?? 0;
}

/** A pause should print nothing. Where its runtime keeps no output, that is said, with what the kernel shows. */
function pauseLog(host: ReadHost, seen: Seen, pod: PodView, options: LogOptions, terminal: Terminal): number {
  const title = escapeText(pod.title);
  const file = pauseLogPath(host, pod.bundle);
  const log = file === null ? null : openNodeLog(host, file);
  if (file === null || log === null) {
    const runtime = isOwn(pod) ? 'podctl' : (factOf(seen, 'runtime')?.name ?? 'its runtime');
    terminal.err(`${title}: ${escapeText(runtime)} keeps no output of a pause${pauseOutput(host, pod)}\n`);
    terminal.err(
      `hint: podctl logs ${title} CONTAINER prints a container's: ${names(pod) || 'it has none'}\n`,
    );
    return 1;
  }
  try {
    const lines = log.more();
    const write = logWriter(terminal, options);
    for (const line of lastOf(lines, options.tail)) write(line);
    terminal.err(
      lines.length === 0
        ? `${title}: its pause has printed nothing, as it should: ${escapeText(file)} is empty\n`
        : `${title}: its pause printed ${lines.length} lines, and should print nothing: ${escapeText(file)}\n`,
    );
    return 0;
  } finally {
    log.close();
  }
}

function pauseOutput(host: ReadHost, { pause }: PodView): string {
  const outputs = pause && outputsOf(host, pause);
  if (!outputs) return '';
  return `: stdout and stderr of its pause, process ${pause.pid}, are ${outputs.map(escapeText).join(' and ')}`;
}

function names({ containers }: PodView): string {
  return [...new Set(containers.map((c) => escapeText(c.name)))].join(', ');
}
