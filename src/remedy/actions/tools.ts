import type { ActionContext } from '../context.ts';

/** Where the system has its programs, whatever our caller's PATH says. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs a program of the system and gives what it printed. Throws an Error with what it said. */
export async function runTool(
  context: Pick<ActionContext, 'timeoutMs' | 'signal'>,
  tool: string,
  args: string[],
  cwd?: string,
): Promise<string> {
  const { runReporting } = await import('../../host/run-report.ts');
  const { timeoutMs, signal } = context;
  const env = { PATH: SYSTEM_PATH };
  const place = cwd === undefined ? {} : { cwd };
  const result = await runReporting(tool, args, { report: false, timeoutMs, signal, env, ...place });
  if (result.exitCode === 0) return result.stdout;
  const why = result.startError ?? (result.timedOut ? 'it did not end in time' : result.stderr.trim());
  throw new Error(`${tool} ${args.at(-1)} failed: ${why}`);
}
