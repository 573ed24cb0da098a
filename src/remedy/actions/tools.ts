import type { ActionContext } from '../context.ts';

/** Where the system has its programs, whatever our caller's PATH says. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs a program of the system. Throws an Error with what it said. */
export async function runTool(context: ActionContext, tool: string, args: string[]): Promise<void> {
  const { runReporting } = await import('../../host/run-report.ts');
  const { timeoutMs, signal } = context;
  const result = await runReporting(tool, args, { timeoutMs, signal, env: { PATH: SYSTEM_PATH } });
  if (result.exitCode === 0) return;
  const why = result.startError ?? (result.timedOut ? 'it did not end in time' : result.stderr.trim());
  throw new Error(`${tool} ${args.at(-1)} failed: ${why}`);
}
