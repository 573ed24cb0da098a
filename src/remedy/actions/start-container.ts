import fs from 'node:fs';
import type { ProcessIdentity } from '../../model/plan.ts';
import type { ContainerRecord, SandboxRecord } from '../../model/sandbox.ts';
import { startDetached } from '../../native/enter.ts';
import { entryOf } from '../container-entry.ts';
import type { ActionContext, Done } from '../context.ts';
import { initOf, ociEntry } from '../oci/runtime.ts';
import { containerOf, deleteContainer } from './containers.ts';
import { required } from './native.ts';
import { type ActionOf, recordOf } from './records.ts';

/** Starts a recorded container in the sandbox's namespaces and writes down its processes. */
export async function startContainer(
  { id, container }: ActionOf<'start-container'>,
  context: ActionContext,
): Promise<Done> {
  const record = recordOf(id, context);
  const wanted = containerOf(record, container);
  fs.rmSync(wanted.exitFile, { force: true });
  await deleteContainer({ kind: 'delete-container', id, container }, context);
  const started = await start(record, wanted, context);
  context.at('during');
  const now = { ...wanted, ...started, startedAt: context.now(), exit: null };
  const containers = record.containers.map((c) => (c.name === container ? now : c));
  context.records.write({ ...record, containers });
  return 'done';
}

async function start(
  record: SandboxRecord,
  wanted: ContainerRecord,
  { records, signal, timeoutMs }: ActionContext,
): Promise<{ process: ProcessIdentity; parent: ProcessIdentity }> {
  const folder = records.folderOf(record.id);
  const isBundle = wanted.bundle !== '';
  const entry = isBundle ? ociEntry(record, wanted, folder, false) : entryOf(record, wanted, folder);
  const files = { log: wanted.log, exitFile: wanted.exitFile };
  const { keeper, pid, startTicks } = required(await startDetached(entry, files, { signal, timeoutMs }));
  const first = isBundle ? await initOf({ pid, startTicks }, folder, wanted, signal) : { pid, startTicks };
  if (first === null) throw new Error(`${wanted.runtime} made no container: ${lastLine(wanted.log)}`);
  return { process: first, parent: keeper };
}

/** What a program said last, without the log's own words before it. */
function lastLine(log: string): string {
  const line = fs.readFileSync(log, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  return line.split(' ').slice(3).join(' ') || 'it said nothing';
}
