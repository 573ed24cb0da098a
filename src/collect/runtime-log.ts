import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { Daemon, RuntimeLog } from '../model/facts.ts';
import { absent, complete, type Gathered, type Problem } from '../model/outcome.ts';
import { typeAt } from './at-path.ts';
import type { CollectContext, Collector } from './collector.ts';
import { knownValue } from './known-value.ts';
import { logEvents } from './log-lines.ts';
import { whyToAskJournal } from './log-reason.ts';

const JOURNAL_SOCKET = '/run/systemd/journal/stdout';
const JOURNAL_LINES = '2000';
const JOURNAL_MS = 3000;
const MAX_BYTES = 512 * 1024;
/** A node has one runtime, a test machine some. */
const MAX_DAEMONS = 32;

type Kind = RuntimeLog['kind'];
type Runtime = Daemon & { kind: Kind };

/** Where a log is, and how to get its end. */
interface Source {
  pid: number | null;
  kind: Kind;
  source: string;
  read(): Promise<string> | string;
}

/** What the runtimes said of the things that checks ask for. The end of a file is always read, a journal for a reason. */
export const runtimeLogCollector: Collector<'runtimeLog'> = {
  fact: 'runtimeLog',
  summary: "what the end of the runtime's own log says of sandbox images and names",
  timeoutMs: JOURNAL_MS + 2000,
  needs: ['daemons'],
  after: ['host', 'runtime', 'runtimeConfig', 'sandboxes', 'images', 'store', 'processes', 'podOwners'],
  async collect(context) {
    const daemons = (knownValue(context.known('daemons')) ?? []).filter(isRuntime);
    const problems: Problem[] = [];
    const sources = sourcesOf(context, daemons.slice(0, MAX_DAEMONS));
    if (sources.length === 0) return absent(whyNone(daemons));
    const logs: RuntimeLog[] = [];
    for (const { read, ...of } of sources) {
      try {
        logs.push({ ...of, events: logEvents(await read()) });
      } catch (error) {
        if (!isMissing(error)) problems.push(problemOf(error, of.source));
      }
    }
    return logs.length === 0 && problems[0] ? failedBy(problems[0]) : complete(logs, problems);
  },
};

function isRuntime(daemon: Daemon): daemon is Runtime {
  return daemon.kind === 'containerd' || daemon.kind === 'crio';
}

function whyNone(daemons: readonly Daemon[]): string {
  return daemons.length === 0
    ? 'no runtime daemon runs whose log could be read'
    : "the runtime's log is in the journal and nothing called for a look, or it goes where podctl cannot read it";
}

function failedBy(cause: Problem): Gathered<RuntimeLog[]> {
  return { status: 'failed', problem: cause };
}

function sourcesOf(context: CollectContext, daemons: readonly Runtime[]): Source[] {
  const { host } = context;
  // One that ends at every start has another pid each time: its unit tells what the last one said.
  const runtime = context.known('runtime');
  const answers = runtime?.status !== 'failed' || runtime.problem.code === 'timeout';
  const mayAsk = host.root === '' && isSocket(host, JOURNAL_SOCKET) && whyToAskJournal(context) !== null;
  const journal = (pid: number | null, kind: Kind): Source[] =>
    mayAsk ? [fromJournal(context, answers ? pid : null, kind)] : [];
  if (daemons.length === 0) return journal(null, 'containerd');
  return daemons.flatMap((daemon) => {
    const { pid, kind } = daemon;
    const output = outputOf(host, pid);
    if (output.startsWith('/') && output !== '/dev/null') {
      // The descriptor leads to the very file that the daemon writes, whatever its path means to us.
      return [{ pid, kind, source: output, read: () => host.readEnd(`/proc/${pid}/fd/2`, MAX_BYTES) }];
    }
    const beside = besideRoot(daemon);
    if (beside !== null && isFile(host, beside)) {
      return [{ pid, kind, source: beside, read: () => host.readEnd(beside, MAX_BYTES) }];
    }
    return output.startsWith('socket:') ? journal(pid, kind) : [];
  });
}

/** Where k3s and its kin send what their containerd says. */
function besideRoot({ kind, flags }: Runtime): string | null {
  return kind === 'containerd' && flags.root ? `${flags.root}/containerd.log` : null;
}

function fromJournal({ host, signal }: CollectContext, pid: number | null, kind: Kind): Source {
  const of = pid === null ? ['--unit', kind] : [`_PID=${pid}`];
  const args = ['--quiet', '--no-pager', '--output', 'cat', '--lines', JOURNAL_LINES, ...of];
  return {
    pid,
    kind,
    source: ['journalctl', ...of].join(' '),
    async read() {
      const options = { timeoutMs: JOURNAL_MS, signal, maxOutput: 8 * 1024 * 1024 };
      const { exitCode, stdout, stderr, startError, timedOut } = await host.run('journalctl', args, options);
      if (timedOut) throw Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
      if (exitCode !== 0) throw new Error(startError ?? stderr.trim().split('\n')[0] ?? 'it failed');
      return stdout;
    },
  };
}

function outputOf(host: ReadHost, pid: number): string {
  try {
    return host.readLink(`/proc/${pid}/fd/2`);
  } catch {
    return '';
  }
}

function isSocket(host: ReadHost, path: string): boolean {
  return typeAt(host, path) === 'socket';
}

function isFile(host: ReadHost, path: string): boolean {
  return typeAt(host, path) === 'file';
}
