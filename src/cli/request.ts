import path from 'node:path';
import type { Policy } from '../check/policy.ts';
import type { AnyCheck } from '../model/check.ts';
import { FACT_NAMES } from '../model/fact-shapes.ts';
import type { FactName } from '../model/facts.ts';
import type { FailOn } from '../model/severity.ts';
import { type ActiveRequest, activeRequest } from './active/request.ts';
import { type Args, many, one, oneOf } from './args.ts';
import { COLOUR_MODES, type ColourMode } from './colour.ts';
import type { Ruling } from './config/ruling.ts';
import { wantsDebug } from './environment.ts';
import { FAIL_ON } from './exit-code.ts';
import type { KindOf } from './kind-of.ts';
import { type LookOptions, lookOptions } from './look-options.ts';
import { meant } from './near.ts';
import { FORMATS, type Format } from './render.ts';
import { selectChecks } from './select.ts';
import { UsageError } from './usage-error.ts';

/** What `podctl doctor` was asked to do. Times in milliseconds; null where nothing was said. */
export interface DoctorRequest extends LookOptions {
  checks: AnyCheck[];
  /** What else is to become of what they find. */
  policy: Policy;
  failOn: FailOn;
  output: Format;
  reports: { format: Format; file: string }[];
  jq: string | null;
  saveSnapshot: string | null;
  /** What is known already: a baseline, or a report. */
  baseline: string | null;
  saveBaseline: string | null;
  require: FactName[];
  debug: boolean;
  colour: ColourMode;
  /** Null: it only looks. */
  active: ActiveRequest | null;
}

/**
 * Turns arguments into a request, or throws a UsageError that names the first fault.
 * Paths are looked at before anything runs, so that a report is not lost at the end.
 */
export function doctorRequest(
  args: Args,
  env: Record<string, string | undefined>,
  { checks, off, policy }: Ruling,
  kindOf: KindOf,
): DoctorRequest {
  const jq = one(args, 'jq') ?? null;
  const output = one(args, 'output');
  if (jq !== null && output !== undefined && output !== 'json')
    throw new UsageError('--jq: gives lines of JSON', `leave out -o ${output}`);
  const active = activeRequest(args);
  const look = lookOptions(args, kindOf);
  const chosen = selectChecks(checks, {
    only: many(args, 'check'),
    skip: many(args, 'skip'),
    tags: many(args, 'tag'),
    off,
    unusable: policy.ownConfig?.checkFiles.some(({ fault }) => fault !== '') ?? false,
  });
  if (active === null && look.fromSnapshot === null) refuseCanariesAlone(chosen);
  return {
    ...look,
    ...(args.deadline === undefined ? usualDeadline(active !== null, output) : {}),
    active,
    checks: chosen,
    policy,
    failOn: oneOf('--fail-on', FAIL_ON, one(args, 'fail-on') ?? 'error'),
    output: oneOf('-o', FORMATS, output ?? 'table'),
    reports: many(args, 'report').map((text) => reportTarget(text, kindOf)),
    jq,
    saveSnapshot: fileOption('--save-snapshot', one(args, 'save-snapshot'), kindOf),
    baseline: one(args, 'baseline') ?? null,
    saveBaseline: fileOption('--save-baseline', one(args, 'save-baseline'), kindOf),
    require: many(args, 'require').flatMap((list) => list.split(',').flatMap(factNames)),
    debug: args.debug === true || wantsDebug(env),
    colour: oneOf('--color', COLOUR_MODES, one(args, 'color') ?? 'auto'),
  };
}

const ACTIVE_DEADLINE_MS = 60_000;
/** Both readers give a plugin up soon: node-problem-detector after 5 s, Nagios and NRPE after 10 s. */
const MONITOR_DEADLINES_MS = new Map([
  ['npd', 4000],
  ['nagios', 9000],
]);

/** Where it is not the one of every look. */
function usualDeadline(isActive: boolean, output: string | undefined): { deadlineMs?: number } {
  const deadlineMs = isActive ? ACTIVE_DEADLINE_MS : MONITOR_DEADLINES_MS.get(output ?? '');
  return deadlineMs === undefined ? {} : { deadlineMs };
}

function refuseCanariesAlone(checks: readonly AnyCheck[]): void {
  if (checks.length === 0 || checks.some(({ meta }) => !meta.needs.includes('canary'))) return;
  const [id] = checks.map(({ meta }) => meta.id);
  throw new UsageError(`${id} judges a sandbox that --active makes`, `podctl doctor --active ${id}`);
}

/** Options that say something about cures only. */
export const OF_CURES = [
  'yes',
  'dry-run',
  'risk',
  'settle',
  'plan-out',
  'force',
  'max-share',
  'pause-archive',
] as const;

/** The request, unless an option was given that says something about cures or about watching only. */
export function refuseOthers(args: Args, request: DoctorRequest): DoctorRequest {
  const senseless = OF_CURES.find(
    (name) => args[name] !== undefined && !(name === 'force' && request.active !== null),
  );
  if (senseless) throw new UsageError(`--${senseless} says something about cures only`, 'add --fix');
  if (args.interval !== undefined)
    throw new UsageError('--interval says something about watching only', 'add --watch');
  return request;
}

function reportTarget(text: string, kindOf: KindOf): { format: Format; file: string } {
  const sign = text.indexOf('=');
  if (sign < 0)
    throw new UsageError(
      `--report: "${text}" names no file`,
      'write it as FORMAT=PATH, e.g. json=report.json',
    );
  const format = oneOf('--report', FORMATS, text.slice(0, sign));
  const file = text.slice(sign + 1);
  if (file === '-') throw new UsageError('--report: writes files only', `for stdout use -o ${format}`);
  return { format, file: fileOption('--report', file, kindOf) ?? '' };
}

function fileOption(option: string, file: string | undefined, kindOf: KindOf): string | null {
  if (file === undefined) return null;
  if (file === '') throw new UsageError(`${option}: the path is empty`);
  const folder = path.dirname(path.resolve(file));
  if (kindOf(folder) !== 'folder')
    throw new UsageError(`${option}: there is no folder ${folder}`, `mkdir -p ${folder}`);
  if (kindOf(file) === 'folder') throw new UsageError(`${option}: ${file} is a folder`, 'name a file in it');
  return file;
}

/** What one word means that is several facts. */
const FACT_GROUPS: Readonly<Record<string, FactName[]>> = { cni: ['cniConf', 'cniPlugins'] };

/** Facts by name, runtimeConfig or runtime-config, or by a word for several. */
function factNames(text: string): FactName[] {
  const wanted = text.trim().replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const group = Object.hasOwn(FACT_GROUPS, wanted) ? FACT_GROUPS[wanted] : undefined;
  const name = FACT_NAMES.find((n) => n === wanted);
  const found = group ?? (name && [name]);
  if (found) return found;
  const hint = meant(text, FACT_NAMES) || `it is one of ${FACT_NAMES.join(', ')}`;
  throw new UsageError(`--require: "${text}" is unknown`, hint);
}
