import { witnessProcess } from '../../host/scan.ts';
import type { NsId } from '../../model/namespace.ts';
import type { PinType, ProcessIdentity } from '../../model/plan.ts';
import type { SandboxRecord } from '../../model/sandbox.ts';
import { signalProcess } from '../../native/signal.ts';
import {
  type Joins,
  type Started,
  startPause as start,
  startUserPause as startUser,
} from '../../native/start.ts';
import type { ActionContext, Done } from '../context.ts';
import { required } from './native.ts';
import { type ActionOf, recordOf } from './records.ts';

const TYPES: readonly PinType[] = ['net', 'ipc', 'uts'];

export async function startPause(
  { id, from }: ActionOf<'start-pause'>,
  context: ActionContext,
): Promise<Done> {
  const record = recordOf(id, context);
  const joins: Joins = Object.fromEntries(
    TYPES.map((type) => [type, { path: from[type], ns: record[type].ns }]),
  );
  if (from.user !== '') joins.user = { path: from.user, ns: null };
  const started = required(await start(joins, pauseOptions(record, context)));
  return writeDown(record, started, context);
}

export async function startUserPause(
  { id }: ActionOf<'start-user-pause'>,
  context: ActionContext,
): Promise<Done> {
  const record = recordOf(id, context);
  const { hostname, sysctls } = record.spec;
  const started = required(await startUser({ hostname, sysctls }, pauseOptions(record, context)));
  return writeDown(record, started, context);
}

/** Null is what a signal to a process that is gone does. */
export async function sendSignal(action: ActionOf<'signal'>, context: ActionContext): Promise<Done> {
  const { process, signal, what, waitMs } = action;
  if (signal === SIGKILL) keepProcess(process, context);
  const sent = required(await signalProcess(process, signal, waitMs, { signal: context.signal }));
  if (sent.state === 'gone') return 'nothing';
  if (signal === SIGKILL && waitMs > 0 && !sent.ended)
    throw new Error(
      `${what} (process ${process.pid}) does not die: it waits in the kernel; see /proc/${process.pid}/wchan`,
    );
  return 'done';
}

const SIGKILL = 9;

/** What is killed cannot be brought back; that it was there is written down. */
function keepProcess(process: ProcessIdentity, { keep }: ActionContext): void {
  const seen = witnessProcess(process.pid);
  if (seen?.startTicks !== process.startTicks) return;
  const { comm, ns } = seen;
  const { net, ipc, uts } = ns;
  keep({ kind: 'process', process, comm, cgroup: seen.cgroup() ?? '', ns: { net, ipc, uts } });
}

/** The id among its words is how a pause is known that was started and not written down. */
export function pauseOptions({ id, spec }: SandboxRecord, { signal, timeoutMs }: ActionContext) {
  return { label: id, newPid: spec.sharePid, signal, timeoutMs };
}

/** A pause that was started, and the namespaces that it is in. */
export function writeDown(record: SandboxRecord, started: Started, context: ActionContext): Done {
  context.at('during');
  const { pid, startTicks, ns } = started;
  const known = (type: PinType): NsId | null => ns[type] ?? record[type].ns;
  context.records.write({
    ...record,
    pause: { pid, startTicks },
    net: { ...record.net, ns: known('net') },
    ipc: { ...record.ipc, ns: known('ipc') },
    uts: { ...record.uts, ns: known('uts') },
  });
  return 'done';
}
