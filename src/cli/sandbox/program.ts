import os from 'node:os';
import tty from 'node:tty';
import type { SandboxRecord } from '../../model/sandbox.ts';
import { parsePairs } from '../../sandbox/words.ts';
import { type Args, many } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const STDIN = 0;

/** The words after `--`. Throws UsageError when a program is named before it, or none at all unless `mayLack`. */
export function programOf(args: Args, verb: string, mayLack = false): string[] {
  const early = many(args, 'command');
  const words = Array.isArray(args['--']) ? args['--'].map(String) : [];
  const sandbox = String(args.sandbox);
  if (early[0] !== undefined)
    throw new UsageError(
      `"${early[0]}" comes before --`,
      `podctl sandbox ${verb} ${sandbox} -- ${early.join(' ')}`,
    );
  if (words[0] === '') throw new UsageError('the program has an empty name');
  if (words.length === 0 && !mayLack)
    throw new UsageError('no program is named', `podctl sandbox ${verb} ${sandbox} -- PROGRAM [ARGUMENT..]`);
  return words;
}

/** What --env adds, as NAME=VALUE. */
export function givenEnv(args: Args): string[] {
  return Object.entries(parsePairs('--env', many(args, 'env'))).map(([name, text]) => `${name}=${text}`);
}

/** The environment of a program that shares the host's file system: never ours, which may hold secrets. */
export function plainEnv(
  { spec, privileged }: SandboxRecord,
  { env }: Terminal,
  isAttached: boolean,
): string[] {
  const term = isAttached && env.TERM ? [`TERM=${env.TERM}`] : [];
  const home = privileged ? '/root' : os.homedir();
  return [`PATH=${PATH}`, `HOME=${home}`, `HOSTNAME=${spec.hostname}`, ...term];
}

/** Later ones replace earlier ones of the same name. */
export function mergeEnv(...lists: readonly string[][]): string[] {
  const pairs = lists.flat().map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair]);
  return [...new Map(pairs).values()];
}

/** True when the user sits at both ends. */
export function isInteractive({ isTerminal }: Terminal): boolean {
  return isTerminal && tty.isatty(STDIN);
}
