import fs from 'node:fs';
import path from 'node:path';
import type { PinType } from '../../model/plan.ts';
import { createNamespaces, pinNamespace, unpinNamespace, unstackPins } from '../../native/namespaces.ts';
import type { ActionContext, Done } from '../context.ts';
import { sysctlType } from '../sysctl.ts';
import { required } from './native.ts';
import { type ActionOf, recordOf } from './records.ts';

export async function makeNamespaces(
  { id, types }: ActionOf<'make-namespaces'>,
  context: ActionContext,
): Promise<Done> {
  const record = recordOf(id, context);
  const { hostname, sysctls } = record.spec;
  const isOf = (key: string) => types.some((type) => type === sysctlType(key));
  const paths: Partial<Record<PinType, string>> = Object.fromEntries(
    types.map((type) => [type, record[type].path]),
  );
  fs.mkdirSync(path.dirname(record.net.path), { recursive: true, mode: 0o700 });
  const made = required(
    await createNamespaces(
      {
        paths,
        ...(types.includes('uts') ? { hostname } : {}),
        sysctls: Object.fromEntries(Object.entries(sysctls).filter(([key]) => isOf(key))),
        ...place(context),
      },
      deadline(context),
    ),
  );
  context.at('during');
  const pinned = (type: PinType) => ({ ...record[type], ns: made[type] ?? record[type].ns });
  context.records.write({ ...record, net: pinned('net'), ipc: pinned('ipc'), uts: pinned('uts') });
  return 'done';
}

export async function pin({ from, ns, to }: ActionOf<'pin'>, context: ActionContext): Promise<Done> {
  fs.mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
  required(await pinNamespace({ from, ns, to, ...place(context) }, deadline(context)));
  return 'done';
}

export async function unpin({ path: at, ns }: ActionOf<'unpin'>, context: ActionContext): Promise<Done> {
  const gone = required(await unpinNamespace({ path: at, ns, ...place(context) }, deadline(context)));
  return gone.was === 'missing' ? 'nothing' : 'done';
}

export async function unstack(
  { path: at, ns, layers, among }: ActionOf<'unstack'>,
  context: ActionContext,
): Promise<Done> {
  required(await unstackPins({ path: at, ns, layers, mountNsOf: among.pid }, deadline(context)));
  return 'done';
}

/** Pins belong into the mount namespace of PID 1, where podctl is in another one. */
export function place({ mountNsOf }: ActionContext): { mountNsOf?: number } {
  return mountNsOf === null ? {} : { mountNsOf };
}

function deadline({ signal, timeoutMs }: ActionContext): { signal: AbortSignal; timeoutMs: number } {
  return { signal, timeoutMs };
}
