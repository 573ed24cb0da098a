import { createHash } from 'node:crypto';
import { ruleCommands } from '../../derive/cni-rules.ts';
import { isObject } from '../../model/shape.ts';
import type { ActionContext, Done } from '../context.ts';
import type { ActionOf } from './records.ts';

type DeleteRules = ActionOf<'delete-rules'>;

const CHAIN_LENGTH = 28;

/**
 * Deletes exactly these rules. With iptables a rule is named by its whole text, in which the container's id stands;
 * with nftables by a handle, whose rule must still have that id. What is gone already is nothing to do.
 */
export async function deleteRules(action: DeleteRules, context: ActionContext): Promise<Done> {
  const { backend, program, chain, entries } = action;
  if (backend === 'nftables') return deleteByHandle(action, context);
  if (!isChainOf(action)) throw new Error(`${chain} is not the chain of that container: it is left alone`);
  const table = ['-w', '-t', 'nat'];
  const answers = (args: string[]) => says(program, [...table, ...args], context);
  // No rule can lead into a chain that is not there.
  if (!(await answers(['-S', chain]))) return 'nothing';
  const there: string[][] = [];
  for (const entry of entries) if (await answers(['-C', ...entry])) there.push(entry);
  for (const [, ...args] of ruleCommands(program, { ...action, entries: there }))
    await mustRun(program, args, context);
  return 'done';
}

/** Its name is made of network and container, as plugins do it: no other attachment can have it. */
function isChainOf({ chain, network, container }: DeleteRules): boolean {
  const [prefix = ''] = /^CNI-(?:[DS]N-)?/.exec(chain) ?? [];
  const hash = createHash('sha512').update(`${network}${container}`).digest('hex');
  return prefix !== '' && chain === `${prefix}${hash}`.slice(0, CHAIN_LENGTH);
}

async function deleteByHandle(action: DeleteRules, context: ActionContext): Promise<Done> {
  const { program, container, entries } = action;
  let done: Done = 'nothing';
  for (const [family = '', table = '', chain = '', , handle = ''] of entries) {
    const place = [family, table, chain];
    if (!(await says(program, ['list', 'chain', ...place], context))) continue;
    const listed = await mustRun(program, ['-j', 'list', 'chain', ...place], context);
    const comment = commentOf(listed, Number(handle));
    if (comment === null) continue;
    if (!comment.includes(container))
      throw new Error(`rule ${handle} of ${table} is another one by now: it is left alone`);
    await mustRun(program, ['delete', 'rule', ...place, 'handle', handle], context);
    done = 'done';
  }
  return done;
}

/** Null where there is no rule of this handle. */
function commentOf(listed: string, handle: number): string | null {
  const parsed: unknown = JSON.parse(listed);
  const all = isObject(parsed) && Array.isArray(parsed.nftables) ? parsed.nftables.filter(isObject) : [];
  const rule = all.map(({ rule: one }) => one).find((one) => isObject(one) && one.handle === handle);
  return isObject(rule) ? String(rule.comment ?? '') : null;
}

/** Whether it ends well. Throws where it cannot be run, or says nothing in time. */
async function says(program: string, args: string[], context: ActionContext): Promise<boolean> {
  const { exitCode, startError, stderr } = await runIt(program, args, context);
  if (exitCode === 0) return true;
  if (exitCode === 1) return false;
  throw new Error(`${program} failed: ${startError ?? (stderr.trim() || 'it did not end in time')}`);
}

async function mustRun(program: string, args: string[], context: ActionContext): Promise<string> {
  const { exitCode, stdout, stderr, startError } = await runIt(program, args, context);
  if (exitCode === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} failed: ${startError ?? stderr.trim()}`);
}

async function runIt(program: string, args: string[], { signal, timeoutMs }: ActionContext) {
  const { runReporting } = await import('../../host/run-report.ts');
  return runReporting(program, args, { report: false, timeoutMs, signal });
}
