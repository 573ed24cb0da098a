import type { Args } from '../args.ts';
import { UsageError } from '../usage-error.ts';
import type { Asked } from './configured.ts';
import type { Layer } from './layer.ts';
import { nameOf } from './settings.ts';
import { configuredSettings } from './values.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a command line and its environment say, with what the configuration says where they say nothing. */
export interface Filled {
  args: Args;
  env: Env;
  /** Options that come from a file, and how they are called there: `--fail-on` -> `/etc/...:12: doctor.failOn`. */
  from: ReadonlyMap<string, string>;
}

const STATE = 'PODCTL_STATE_DIR';

export function fill(asked: Asked, env: Env, layers: readonly Layer[]): Filled {
  const takes = new Set(optionsOf(asked));
  const args: Record<string, unknown> = { ...asked.args };
  const filledEnv: Record<string, string | undefined> = { ...env };
  const from = new Map<string, string>();
  for (const { setting, values } of configuredSettings(layers)) {
    const { option, variable } = setting;
    if (args[option] !== undefined || (variable !== '' && env[variable])) continue;
    const texts = values.map(({ text }) => text);
    if (variable === STATE) filledEnv[STATE] = texts[0];
    if (!takes.has(option)) continue;
    const [first] = values;
    args[option] = texts;
    if (first) from.set(`--${option}`, `${first.file}:${first.line}: ${nameOf(setting)}`);
  }
  return { args, env: filledEnv, from };
}

/** A fault of what an option says is told where it was said. */
export function relabelled(error: unknown, { from }: Filled): unknown {
  if (!(error instanceof UsageError)) return error;
  const [option = ''] = /^--[\w-]+(?=: )/.exec(error.message) ?? [];
  const place = from.get(option);
  return place === undefined ? error : new UsageError(place + error.message.slice(option.length), error.hint);
}

/** What does more than look, and what reports to a program that gives it up soon, has a deadline of its own. */
function hasDeadline({ fix, active, output }: Args): boolean {
  return fix === true || active === true || output === 'npd' || output === 'nagios';
}

/** The options of a command that a file may give a value to. */
function optionsOf(asked: Asked): string[] {
  const { args } = asked;
  const isLive = args['from-snapshot'] === undefined;
  switch (asked.command) {
    case 'doctor':
      return [
        ...(isLive ? ['runtime-endpoint', 'pause-versions'] : []),
        ...(args.watch === true ? [] : ['fail-on', 'require', 'baseline']),
        // What cures is more careful: it has longer times of its own.
        ...(args.fix === true ? [] : ['min-age', 'timeout']),
        ...(hasDeadline(args) ? [] : ['deadline']),
      ];
    case 'gc':
      return ['runtime-endpoint', 'pause-versions'];
    case 'author':
    case 'inside':
      return isLive ? ['runtime-endpoint'] : [];
    case 'sandbox':
      if (args.via !== undefined) return ['runtime-endpoint'];
      return asked.verb === 'create' ? ['cni-conf-dir', 'cni-bin-dir'] : [];
    default:
      return [];
  }
}
