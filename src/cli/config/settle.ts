import { withOptions, withSeverity } from '../../check/policy.ts';
import type { AnyCheck } from '../../model/check.ts';
import type { CheckFile, IgnoreRule } from '../../model/own-config-facts.ts';
import { checkFaults } from './check-names.ts';
import { entriesOf, entryAt, type Layer, textOf } from './layer.ts';
import { faultError } from './load.ts';
import { offBy, optionsBy, severityBy } from './rules.ts';
import type { Ruling } from './ruling.ts';

/**
 * What the files say about checks, which must all be there. `files`: where others wrote some. Throws a UsageError for
 * the first fault of the first file that has one.
 */
export function settle(
  layers: readonly Layer[],
  checks: readonly AnyCheck[],
  files: readonly CheckFile[],
): Ruling {
  const known = { metas: checks.map(({ meta }) => meta), files };
  for (const layer of layers) {
    const faults = checkFaults(layer, known);
    if (faults.length > 0) throw faultError(layer.file, faults);
  }
  const ignores = layers.flatMap(ignoresOf);
  return {
    checks: checks.map((check) => ruled(check, layers)),
    off: new Set(checks.map(({ meta }) => meta.id).filter((id) => offBy(id, layers) !== null)),
    policy: {
      ignores,
      ownConfig: { files: layers.map(({ file }) => file), ignores, checkFiles: [...files] },
    },
  };
}

/** What one file accepts. */
export function ignoresOf(layer: Layer): IgnoreRule[] {
  const said = entryAt(layer, 'ignore')?.value;
  const rules = said?.is === 'list' ? said.items : [];
  return rules.map((rule) => {
    const text = (key: string) => textOf(entriesOf(rule).find((entry) => entry.key === key)?.value);
    return {
      check: text('check'),
      subject: text('subject'),
      reason: text('reason'),
      until: text('until'),
      file: layer.file,
      line: rule.line,
    };
  });
}

function ruled(check: AnyCheck, layers: readonly Layer[]): AnyCheck {
  const severity = severityBy(check.meta.id, layers)?.severity;
  const options = [...optionsBy(check.meta.id, layers)].map(([name, { value }]) => [name, value] as const);
  const informed = options.length === 0 ? check : withOptions(check, Object.fromEntries(options));
  return severity === undefined ? informed : withSeverity(informed, severity);
}
