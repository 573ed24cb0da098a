import path from 'node:path';
import type { Risk } from '../../model/check.ts';
import { FACT_NAMES } from '../../model/fact-shapes.ts';
import { GC_KINDS, type GcKind, type Refusal } from '../../remedy/remedy.ts';
import { defaultStateDir } from '../../sandbox/state-folder.ts';
import { type Args, many, one, oneOf } from '../args.ts';
import { COLOUR_MODES, type ColourMode } from '../colour.ts';
import type { Ruling } from '../config/ruling.ts';
import { parseDeadline, parseDuration } from '../duration.ts';
import { endpointPath } from '../endpoint.ts';
import { findHostRoot } from '../host-root.ts';
import type { Judges } from '../judge.ts';
import { kindOf } from '../kind-of.ts';
import type { Judging } from '../look.ts';
import type { LookOptions } from '../look-options.ts';
import { UsageError } from '../usage-error.ts';
import { RISKS } from './consent.ts';

export const CURE_FORMATS = ['table', 'json', 'yaml'] as const;
export type CureFormat = (typeof CURE_FORMATS)[number];

/** What `gc`, `doctor --fix` and `apply` are told alike. Times in milliseconds. */
export interface CureRequest {
  /** As it was typed, without the name of the program. */
  argv: readonly string[];
  look: LookOptions & Judging & Judges;
  /** Null: of every finding that there is a remedy for, left behind or not. */
  kinds: readonly GcKind[] | null;
  /** Plans of a higher one are set aside. */
  risk: Risk;
  settleMs: number;
  dryRun: boolean;
  yes: boolean;
  force: Refusal['name'][];
  /** Null: the usual half. */
  maxPercent: number | null;
  assumeNoKubelet: boolean;
  pauseArchive: string | null;
  planOut: string | null;
  keepMs: number;
  stateDir: string;
}

/** How the result is told. */
export interface CureOutput {
  format: CureFormat;
  colour: ColourMode;
}

/** Refusals that an operator may know better about. */
const FORCIBLE: readonly Refusal['name'][] = ['kubelet-silent', 'devices-inside', 'not-alone'];
const GC_MIN_AGE = '10m';
const SETTLE = '5s';
const KEEP = '24h';
const TIMEOUT = '10s';
const DEADLINE = '30s';

/** What all cures read from the command line. Throws a UsageError that names the first fault. */
export function cureRequest(
  args: Args,
  env: Record<string, string | undefined>,
  argv: readonly string[],
  what: Pick<CureRequest, 'kinds' | 'risk'> & Judges & { minAge?: string },
): CureRequest {
  refuseElsewhere();
  const minAge = one(args, 'min-age') ?? what.minAge;
  const endpoint = one(args, 'runtime-endpoint');
  const archive = one(args, 'pause-archive');
  return {
    argv,
    look: {
      checks: what.checks,
      policy: what.policy,
      fromSnapshot: null,
      endpoint: endpoint === undefined ? null : endpointPath(endpoint),
      root: '',
      timeoutMs: parseDeadline('--timeout', one(args, 'timeout') ?? TIMEOUT),
      deadlineMs: parseDeadline('--deadline', one(args, 'deadline') ?? DEADLINE),
      pauseVersions: one(args, 'pause-versions') ?? null,
      minAgeMs: minAge === undefined ? null : parseDuration('--min-age', minAge),
      require: [...FACT_NAMES],
      saveSnapshot: null,
      verbosity: Number(args.verbose ?? 0),
    },
    kinds: what.kinds,
    risk: what.risk,
    settleMs: parseDuration('--settle', one(args, 'settle') ?? SETTLE),
    dryRun: args['dry-run'] === true,
    yes: args.yes === true,
    force: many(args, 'force').map((name) => oneOf('--force', FORCIBLE, name)),
    maxPercent: maxShare(one(args, 'max-share')),
    assumeNoKubelet: args['assume-no-kubelet'] === true,
    pauseArchive: archive === undefined ? null : archiveFile(archive),
    planOut: planFile(one(args, 'plan-out')),
    keepMs: parseDuration('--keep', one(args, 'keep') ?? KEEP),
    stateDir: stateDirOf(args, env),
  };
}

/** In a debug pod the node is seen below a folder, and what would be done would be done to the pod. */
function refuseElsewhere(): void {
  const root = findHostRoot();
  if (root === '') return;
  throw new UsageError(
    `this is a debug pod: the node is below ${root}, and a cure works on the machine that it runs on`,
    `chroot ${root} podctl, with podctl copied there`,
  );
}

/** What `podctl gc` was asked for: everything left behind, or one kind. */
export function gcRequest(
  args: Args,
  env: Record<string, string | undefined>,
  argv: readonly string[],
  { checks, off, policy }: Ruling,
): CureRequest {
  const kind = oneOf('gc', ['orphans', ...GC_KINDS], one(args, 'kind') ?? '');
  return cureRequest(args, env, argv, {
    checks: checks.filter(({ meta }) => meta.tags.includes('orphan') && !off.has(meta.id)),
    policy,
    kinds: kind === 'orphans' ? GC_KINDS : [kind],
    risk: riskOf(args) ?? 'disruptive',
    minAge: GC_MIN_AGE,
  });
}

export function riskOf(args: Args): Risk | null {
  const risk = one(args, 'risk');
  return risk === undefined ? null : oneOf('--risk', RISKS, risk);
}

export function outputOf(args: Args): CureOutput {
  return {
    format: oneOf('-o', CURE_FORMATS, one(args, 'output') ?? 'table'),
    colour: oneOf('--color', COLOUR_MODES, one(args, 'color') ?? 'auto'),
  };
}

export function stateDirOf(args: Args, env: Record<string, string | undefined>): string {
  const named = one(args, 'state-dir') ?? (env.PODCTL_STATE_DIR || undefined);
  return path.resolve(named ?? defaultStateDir(process.geteuid?.() ?? 0, env));
}

function maxShare(text: string | undefined): number | null {
  if (text === undefined) return null;
  const percent = /^(\d{1,3})%?$/.exec(text)?.[1];
  if (percent === undefined || Number(percent) < 1 || Number(percent) > 100)
    throw new UsageError(`--max-share: "${text}" is no percentage`, 'write a whole number from 1 to 100');
  return Number(percent);
}

function planFile(file: string | undefined): string | null {
  if (file === undefined) return null;
  const folder = path.dirname(path.resolve(file));
  if (kindOf(folder) !== 'folder')
    throw new UsageError(`--plan-out: there is no folder ${folder}`, `mkdir -p ${folder}`);
  if (kindOf(file) === 'folder') throw new UsageError(`--plan-out: ${file} is a folder`, 'name a file in it');
  return file;
}

function archiveFile(file: string): string {
  if (kindOf(file) !== 'other')
    throw new UsageError(
      `--pause-archive: there is no file ${file}`,
      'podctl pause image -o FILE writes one',
    );
  return path.resolve(file);
}
