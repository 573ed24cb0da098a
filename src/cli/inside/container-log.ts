import { openSession, RpcError } from '../../cri/session.ts';
import { factOf, type PodContainer, type PodView, type Seen } from '../../derive/pod-view.ts';
import { isRunning } from '../../host/process.ts';
import type { ReadHost } from '../../host/read-host.ts';
import { escapeText } from '../../report/escape.ts';
import { stoppable } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { type LogFile, type LogOptions, lastOf, logWriter, openNodeLog } from './log-file.ts';
import type { InsideRequest } from './request.ts';

const POLL_MS = 200;
const FOREVER_MS = 2 ** 31 - 1;

export interface LogJob {
  host: ReadHost;
  seen: Seen;
  request: InsideRequest;
  options: LogOptions;
  pod: PodView;
  container: PodContainer;
}

/** The log that the runtime says it keeps for a container. */
export async function containerLog(job: LogJob, follow: boolean, terminal: Terminal): Promise<number> {
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
