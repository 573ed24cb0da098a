import type { FactName, Facts } from '../../model/facts.ts';
import { knownValue } from '../../model/outcome.ts';
import type { Args } from '../args.ts';
import { withConfig } from '../config/configured.ts';
import { kindOf } from '../kind-of.ts';
import { see } from '../look.ts';
import { lookOptions } from '../look-options.ts';
import type { Terminal } from '../terminal.ts';

/** Nobody waits longer for a name. */
const DEADLINE = '1s';

/** Names of pods, as namespace/name. */
export async function podNames(args: Args, terminal: Terminal): Promise<string[]> {
  const { sandboxes = [] } = await seen(['sandboxes'], args, terminal);
  return sandboxes.map(({ namespace, name }) => `${namespace}/${name}`);
}

/** Names of the containers of a pod, which is named as namespace/name, by its name or the beginning of its id. */
export async function containerNames(pod: string, args: Args, terminal: Terminal): Promise<string[]> {
  const { sandboxes = [], containers = [] } = await seen(['sandboxes', 'containers'], args, terminal);
  const ids = sandboxes
    .filter(({ id, namespace, name }) => [name, `${namespace}/${name}`].includes(pod) || id.startsWith(pod))
    .map(({ id }) => id);
  return containers.filter(({ sandboxId }) => ids.includes(sandboxId)).map(({ name }) => name);
}

/** Names of podctl's own sandboxes: from their records, without a runtime. */
export async function ownNames(args: Args, terminal: Terminal): Promise<string[]> {
  const { 'state-dir': dir } = args;
  const env = typeof dir === 'string' ? { ...terminal.env, PODCTL_STATE_DIR: dir } : terminal.env;
  const { ownSandboxes = [] } = await seen(['ownSandboxes'], {}, { ...terminal, env });
  return ownSandboxes.map(({ name }) => name);
}

async function seen(names: FactName[], args: Args, terminal: Terminal): Promise<Partial<Facts>> {
  const asked = { ...args, deadline: DEADLINE, timeout: DEADLINE };
  return withConfig({ command: 'inside', verb: 'ps', args: asked }, terminal, async (configured) => {
    const options = lookOptions(configured.args, kindOf);
    const wanted = { facts: new Set(names), everything: false };
    const { facts } = (await see(wanted, options, configured.terminal)).snapshot;
    const values = names.map((name) => [name, knownValue<unknown>(facts[name])]);
    return Object.fromEntries(values) as Partial<Facts>;
  });
}
