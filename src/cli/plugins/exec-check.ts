import path from 'node:path';
import { type Dialect, toldBy } from '../../check/foreign/dialect.ts';
import { taking } from '../../check/foreign/turns.ts';
import { shellLine } from '../../check/shell-line.ts';
import { isProgram } from '../../host/is-program.ts';
import { whyNotTrusted } from '../../host/trusted-file.ts';
import type { AnyCheck, CheckMeta, Settings } from '../../model/check.ts';
import { type Guarded, runGuarded } from '../../native/guard.ts';
import { kindOf } from '../kind-of.ts';
import { VERSION } from '../version.ts';
import { distrusted, Unusable } from './unusable.ts';

export interface ExecSpec {
  /** Program and arguments. */
  command: string[];
  /** Where it runs, and from where a program with a slash is named. */
  folder: string;
  dialect: Dialect;
  stdin: 'none' | 'facts';
  stdout: 'text' | 'findings';
  /** Bytes. */
  maxOutput: number;
  timeoutMs: number;
  /** Why a program that looks for itself would look in the wrong place; '' where it would not. */
  elsewhere: string;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SHOWN = 300;

/** A check that is somebody's program. Throws Unusable where the program is not there, or others may have written it. */
export function execCheck(file: string, meta: CheckMeta, spec: ExecSpec): AnyCheck {
  const [named = '', ...args] = spec.command;
  const program = locate(named, spec.folder);
  if (program === null) throw new Unusable('broken', `${file}: there is no program ${named}`);
  const used = [program, ...scriptsAmong(args, spec.folder)];
  used.forEach(requireTrusted);
  return {
    meta,
    file,
    async run(facts, settings) {
      if (spec.stdin === 'none' && spec.elsewhere !== '')
        return { findings: [], problems: [], skipped: spec.elsewhere };
      // What was looked at may have become another file since.
      used.forEach(requireTrusted);
      const input = spec.stdin === 'facts' ? JSON.stringify({ ...facts, settings }) : '';
      const { timeoutMs, maxOutput, folder: cwd } = spec;
      const options = { timeoutMs, maxOutput, cwd, input, env: environment(meta, settings) };
      const run = await taking('program', () => runGuarded([program, ...args], options));
      if (!run.ok) throw new Error(run.problem.message);
      const exitCode = requireEnd(run.value, spec);
      const evidence = {
        fact: 'ownConfig' as const,
        at: shellLine(spec.command),
        value: `exit code ${exitCode}`,
      };
      return toldBy(spec.dialect, spec.stdout, { ...run.value, exitCode }, meta, evidence);
    },
  };
}

/** A name without a slash is looked up where systems keep their programs, and not where our caller does. */
function locate(named: string, folder: string): string | null {
  const places = named.includes('/')
    ? [path.resolve(folder, named)]
    : PATH.split(':').map((place) => path.join(place, named));
  return places.find(isProgram) ?? null;
}

/** Files beside the check that an interpreter is given, as far as they can be told from other arguments. */
function scriptsAmong(args: readonly string[], folder: string): string[] {
  return args
    .map((arg) => path.resolve(folder, arg))
    .filter((file) => file.startsWith(`${folder}/`) && kindOf(file) === 'other');
}

function requireTrusted(program: string): void {
  const distrust = whyNotTrusted(program);
  if (distrust !== null) throw distrusted(distrust);
}

/** Nothing of our own environment: it may hold secrets. */
function environment({ id }: CheckMeta, { minAgeMs, options = {} }: Settings): Record<string, string> {
  const said = Object.entries(options).map(([name, value]) => [
    `PODCTL_OPTION_${name.replace(/\W/g, '_').toUpperCase()}`,
    Array.isArray(value) ? value.join(',') : String(value),
  ]);
  return {
    PATH,
    LC_ALL: 'C.UTF-8',
    PODCTL_VERSION: VERSION,
    PODCTL_CHECK: id,
    PODCTL_MIN_AGE_MS: String(minAgeMs),
    ...Object.fromEntries(said),
  };
}

/** Its exit code. Throws an Error that says how else it ended. */
function requireEnd(run: Guarded, { timeoutMs, maxOutput }: ExecSpec): number {
  if (run.startError !== null) throw new Error(`it could not be run: ${run.startError.slice(0, SHOWN)}`);
  if (run.overflowed) throw new Error(`it wrote more than ${maxOutput} bytes, and was killed`);
  if (run.timedOut)
    throw new Error(`it did not end within ${timeoutMs / 1000} s, and was killed with its children`);
  if (run.exitCode === null) throw new Error(`it was ended by signal ${run.signal}`);
  return run.exitCode;
}
