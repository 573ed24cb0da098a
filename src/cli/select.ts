import { globFitsId } from '../check/glob.ts';
import type { AnyCheck } from '../model/check.ts';
import { meant } from './near.ts';
import { UsageError } from './usage-error.ts';

export interface Selection {
  /** Ids or globs; empty means all. */
  only: readonly string[];
  skip: readonly string[];
  /** Checks with any of these; empty means all. */
  tags: readonly string[];
  /** Ids that run only where `only` names them. */
  off?: ReadonlySet<string>;
  /** Files of checks of others are there, and cannot be used: what they would have brought is not known. */
  unusable?: boolean;
}

/** The checks that were asked for. A name, glob or tag that matches none is a usage error. */
export function selectChecks(
  checks: readonly AnyCheck[],
  { only, skip, tags, off, unusable = false }: Selection,
): AnyCheck[] {
  const ids = checks.map((c) => c.meta.id);
  const wanted = only.flatMap((glob) => matching(glob, ids, unusable));
  const skipped = skip.flatMap((glob) => matching(glob, ids, unusable));
  for (const tag of tags) requireTag(tag, checks);
  const chosen = checks.filter(
    ({ meta }) =>
      (only.length === 0 || wanted.includes(meta.id)) &&
      (tags.length === 0 || tags.some((tag) => meta.tags.includes(tag))) &&
      !skipped.includes(meta.id) &&
      (off?.has(meta.id) !== true || only.includes(meta.id)),
  );
  if (chosen.length === 0 && checks.length > 0)
    throw new UsageError('no check is left to run', 'leave out a --skip or --tag; podctl checks lists all');
  return chosen;
}

/** Ids that a glob matches: `*` is any text without a slash, alone it is everything. */
function matching(glob: string, ids: readonly string[], unusable: boolean): string[] {
  const found = ids.filter((id) => globFitsId(glob, id));
  if (found.length > 0) return found;
  const others = unusable
    ? 'podctl doctor podctl/check-unusable tells which files of checks are not used'
    : 'podctl checks lists all checks';
  throw new UsageError(`no check is called "${glob}"`, meant(glob, ids) || others);
}

function requireTag(tag: string, checks: readonly AnyCheck[]): void {
  const known = [...new Set(checks.flatMap((c) => c.meta.tags))].sort();
  if (!known.includes(tag))
    throw new UsageError(
      `no check has the tag "${tag}"`,
      meant(tag, known) || `tags are ${known.join(', ')}`,
    );
}
