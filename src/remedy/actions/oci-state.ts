import fs from 'node:fs';
import path from 'node:path';
import { programFault } from '../../native/locate.ts';
import type { ActionContext, Done } from '../context.ts';
import type { ActionOf } from './records.ts';
import { runTool } from './tools.ts';

/** Ids as runtimes make them; anything else may be an option, or a path. */
const ID = /^[0-9a-f]{64}$/;

/** The folder in which the OCI runtime keeps a container's state. Throws an Error for what is no id. */
export function ociState({ root, container }: ActionOf<'delete-oci-state'>): string {
  if (!ID.test(container)) throw new Error(`${JSON.stringify(container)} is no id of 64 hex digits`);
  return path.join(root, container);
}

/** It also kills what is left in the container, and removes its cgroup. */
export async function deleteOciState(
  action: ActionOf<'delete-oci-state'>,
  context: ActionContext,
): Promise<Done> {
  const state = ociState(action);
  if (!fs.existsSync(state)) return 'nothing';
  const program = action.programs.find((file) => fs.existsSync(file));
  if (program === undefined) {
    const places = action.programs.join(', ');
    throw new Error(`${state} cannot be removed: there is no runc (${places}); install it, and try again`);
  }
  const fault = programFault(program);
  if (fault !== null) throw new Error(`${state} cannot be removed: ${fault}`);
  await runTool(context, program, ['--root', action.root, 'delete', '--force', action.container]);
  return 'done';
}
