import { NO_POLICY, type Policy } from '../../check/policy.ts';
import type { AnyCheck } from '../../model/check.ts';
import type { CheckFile } from '../../model/own-config-facts.ts';
import type { Layer } from './layer.ts';

/** What the configuration makes of the checks that there are. */
export interface Ruling {
  /** All, each with its options and severity. */
  checks: readonly AnyCheck[];
  /** Ids of those that run only where they are named. */
  off: ReadonlySet<string>;
  policy: Policy;
}

/** Without a file there is nothing to understand, and what understands files is not loaded. */
export async function rule(
  layers: readonly Layer[],
  checks: readonly AnyCheck[],
  files: readonly CheckFile[] = [],
): Promise<Ruling> {
  if (layers.length > 0) return (await import('./settle.ts')).settle(layers, checks, files);
  const ownConfig = files.length === 0 ? null : { files: [], ignores: [], checkFiles: [...files] };
  return { checks, off: new Set(), policy: { ...NO_POLICY, ownConfig } };
}
