import { collectors } from '../../collect/index.ts';
import { nodeImageCollector } from '../../collect/node-image.ts';
import { FACT_NAMES } from '../../model/fact-shapes.ts';
import type { FactName } from '../../model/facts.ts';

/** Facts that a plain look at a running node does not have. */
const MADE_ELSEWHERE: Partial<Record<FactName, string>> = {
  canary: 'what became of the sandboxes that podctl doctor --active made: step by step, and what was left',
  ownConfig: "podctl's own configuration, what it ignores, and the files that checks of others come from",
  nodeImage: nodeImageCollector.summary,
};

/** What each fact is, in a line. */
export function factSummaries(): Record<FactName, string> {
  const made = Object.fromEntries(collectors.map(({ fact, summary }) => [fact, summary]));
  const all = FACT_NAMES.map((name) => [name, MADE_ELSEWHERE[name] ?? made[name] ?? '']);
  return Object.fromEntries(all) as Record<FactName, string>;
}
