import { runChecks } from '../../src/check/engine.ts';
import type { Check, Settings } from '../../src/model/check.ts';
import type { FactName, Facts } from '../../src/model/facts.ts';
import { complete, type Outcome } from '../../src/model/outcome.ts';
import type { ReportedCheck } from '../../src/model/report.ts';

const SETTINGS: Settings = { minAgeMs: 60_000 };

/** What the engine makes of one check on these facts; `instead` replaces facts by other outcomes. */
export async function judge(
  check: Check,
  node: Facts,
  instead: Partial<Record<FactName, Outcome<never>>> = {},
  settings: Partial<Settings> = {},
): Promise<ReportedCheck> {
  const outcomes = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, { ...complete(value), ms: 0 }]),
  );
  const [judged] = await runChecks([check], { ...outcomes, ...instead }, { ...SETTINGS, ...settings });
  if (judged === undefined) throw new Error('the engine gave no verdict');
  return judged;
}

/** An outcome of a fact that could not be read. */
export function unread(
  code: 'timeout' | 'unavailable' | 'denied' | 'missing',
  message: string,
): Outcome<never> {
  return { status: 'failed', problem: { code, message }, ms: 1 };
}
