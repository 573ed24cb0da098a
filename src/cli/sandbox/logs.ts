import { isRunning } from '../../host/process.ts';
import type { ContainerRecord, SandboxRecord } from '../../model/sandbox.ts';
import { SandboxError } from '../../sandbox/error.ts';
import { type LogLine, openLogIfThere } from '../../sandbox/logs.ts';
import { requireSandbox } from '../../sandbox/lookup.ts';
import { listRecords } from '../../sandbox/records.ts';
import { type Args, one } from '../args.ts';
import { stoppable } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EMPTY_LIST } from './list.ts';
import { logWriter } from './log-writer.ts';
import { openShop } from './shop.ts';

const POLL_MS = 100;
const FOREVER_MS = 2 ** 31 - 1;

/** `podctl sandbox logs`: stdout of the container on ours, its stderr on ours. */
export async function logsCommand(args: Args, terminal: Terminal): Promise<number> {
  const sandbox = one(args, 'sandbox') ?? '';
  const tail = tailOf(args);
  const shop = openShop(args, terminal, `sandbox logs ${sandbox}`, false);
  const record = requireSandbox(shop ? listRecords(shop.state) : EMPTY_LIST, sandbox);
  const container = chosen(record, one(args, 'container'));
  const log = openLogIfThere(container.log);
  if (!log) return 0;
  const write = logWriter(terminal, args.timestamps === true);
  try {
    for (const line of last(log.more(), tail)) write(line);
    return args.follow === true ? await follow(container, log, write, terminal) : 0;
  } finally {
    log.close();
  }
}

function tailOf(args: Args): number {
  const text = one(args, 'tail');
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--tail: "${text}" is no number of lines`);
  return Number(text);
}

function chosen({ name: sandbox, containers }: SandboxRecord, wanted: string | undefined): ContainerRecord {
  const logged = containers.filter((c) => c.log !== '');
  const found = wanted === undefined ? logged : containers.filter((c) => c.name === wanted);
  const names = logged.map((c) => c.name).join(', ');
  const [only] = found;
  if (found.length > 1)
    throw new SandboxError('usage', `sandbox ${sandbox} has several containers`, `name one of ${names}`);
  if (!only) {
    const what =
      wanted === undefined ? 'container with a log' : `container ${JSON.stringify(wanted.slice(0, 80))}`;
    throw new SandboxError(
      'usage',
      `sandbox ${sandbox} has no ${what}`,
      names === '' ? '' : `it has ${names}`,
    );
  }
  if (only.log === '')
    throw new SandboxError('usage', `container ${only.name} has no log: it ran in the foreground`);
  return only;
}

/** The last of the lines; all where `count` is endless, without keeping them. */
function* last(lines: Iterable<LogLine>, count: number): Generator<LogLine> {
  if (count === Number.POSITIVE_INFINITY) {
    yield* lines;
    return;
  }
  const kept: LogLine[] = [];
  for (const line of lines) {
    kept.push(line);
    if (kept.length > count) kept.shift();
  }
  yield* kept;
}

/** Until the container's parent, which writes the log, has ended; 130 when we are interrupted. */
async function follow(
  { parent }: ContainerRecord,
  log: { more(): Iterable<LogLine> },
  write: (line: LogLine) => void,
  terminal: Terminal,
): Promise<number> {
  const stop = stoppable(FOREVER_MS);
  try {
    for (let goesOn = true; goesOn && !stop.signal.aborted && !terminal.isGone?.(); ) {
      goesOn = parent !== null && isRunning(parent);
      for (const line of log.more()) write(line);
      if (goesOn) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    stop.done();
  }
  return stop.exitCode() ?? 0;
}
