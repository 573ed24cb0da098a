import fs from 'node:fs';
import path from 'node:path';
import { startSandbox as start } from '../../native/sandbox.ts';
import type { ActionContext, Done } from '../context.ts';
import { place } from './namespaces.ts';
import { required } from './native.ts';
import { begunAttachment } from './network.ts';
import { pauseOptions, writeDown } from './processes.ts';
import { type ActionOf, recordOf } from './records.ts';

/** All at once: each program that is started takes time, and what one of them left a repair finds all the same. */
export async function startSandbox(
  { id, next }: ActionOf<'start-sandbox'>,
  context: ActionContext,
): Promise<Done> {
  const record = recordOf(id, context);
  const { net, ipc, uts, spec } = record;
  fs.mkdirSync(path.dirname(net.path), { recursive: true, mode: 0o700 });
  const started = required(
    await start(
      {
        paths: { net: net.path, ipc: ipc.path, uts: uts.path },
        hostname: spec.hostname,
        sysctls: spec.sysctls,
        shm: path.join(context.records.folderOf(id), 'shm'),
        ...place(context),
      },
      pauseOptions(record, context),
    ),
  );
  return writeDown(
    next === 'ready' ? { ...record, phase: 'ready' } : { ...record, attachment: begunAttachment(record) },
    started,
    context,
  );
}
