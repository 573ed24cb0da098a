import type { ActionContext, Done } from '../context.ts';
import type { ActionOf } from './records.ts';

/** Ends its containers and takes its network down. One that is not listed is never asked for: see the hazards. */
export async function stopSandbox(
  { endpoint, sandbox }: ActionOf<'stop-sandbox'>,
  context: ActionContext,
): Promise<Done> {
  if (!(await isListed(endpoint, sandbox, context))) return 'nothing';
  await context
    .session(endpoint)
    .call(
      'StopPodSandbox',
      (c, options) => c.runtime.stopPodSandbox({ podSandboxId: sandbox }, options),
      context.timeoutMs,
    );
  return 'done';
}

/** That the runtime says "removed" proves nothing: the list is looked at. */
export async function removeSandbox(
  { endpoint, sandbox }: ActionOf<'remove-sandbox'>,
  context: ActionContext,
): Promise<Done> {
  if (!(await isListed(endpoint, sandbox, context))) return 'nothing';
  await context
    .session(endpoint)
    .call(
      'RemovePodSandbox',
      (c, options) => c.runtime.removePodSandbox({ podSandboxId: sandbox }, options),
      context.timeoutMs,
    );
  if (await isListed(endpoint, sandbox, context))
    throw new Error(
      `the runtime said that ${sandbox.slice(0, 13)} is removed, and lists it still; see its log`,
    );
  return 'done';
}

async function isListed(endpoint: string, sandbox: string, context: ActionContext): Promise<boolean> {
  const { items } = await context
    .session(endpoint)
    .call('ListPodSandbox', (c, options) => c.runtime.listPodSandbox({}, options));
  return items.some((item) => item.id === sandbox);
}
