import type { Args } from '../args.ts';
import type { Parsed } from '../parse.ts';
import type { Terminal } from '../terminal.ts';
import type { Layer } from './layer.ts';
import { loadConfig } from './load.ts';

/** A command that the configuration may say something to. */
export type Asked = Exclude<
  Parsed,
  { command: 'help' } | { command: 'diff' | 'version' | 'pause image' | 'completion' } | { command: 'config' }
>;

/** A command as it is carried out: what was not said on its line may come from a file. */
export interface Configured {
  args: Args;
  terminal: Terminal;
  /** The files, the one that says least first. */
  layers: readonly Layer[];
}

/** Runs a command with what the configuration says to it. Without a file, nothing that understands one is loaded. */
export async function withConfig<T>(
  asked: Asked,
  terminal: Terminal,
  run: (configured: Configured) => Promise<T>,
): Promise<T> {
  const layers = await loadConfig(asked.args, terminal.env);
  if (layers.length === 0) return run({ args: asked.args, terminal, layers });
  const { fill, relabelled } = await import('./fill.ts');
  const filled = fill(asked, terminal.env, layers);
  try {
    return await run({ args: filled.args, terminal: { ...terminal, env: filled.env }, layers });
  } catch (error) {
    throw relabelled(error, filled);
  }
}
