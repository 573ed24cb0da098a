import fs from 'node:fs';
import path from 'node:path';
import { shellLine } from '../../check/shell-line.ts';
import { whyNotTrusted } from '../../host/trusted-file.ts';
import { describe } from '../describe.ts';
import { kindOf } from '../kind-of.ts';
import { UsageError } from '../usage-error.ts';
import { distrusted, Unusable } from './unusable.ts';

/** A file that holds checks by its name, or why it, or what it is in, is not used. */
export type Found = { file: string; unusable?: Unusable };

/** Kinds by the end of the name. */
const IS_CHECK = /\.check\.(mjs|yaml)$/;
/** What `podctl checks test` runs may lie beside. */
const IS_TEST = /\.test\.yaml$/;
/** What somebody may well have meant to be one, and what it should be called. */
const NEAR: readonly [RegExp, string][] = [
  [/\.check\.(?:js|cjs|ts|mts)$/i, '.check.mjs'],
  [/\.check\.yml$/i, '.check.yaml'],
  [/(?:\.check)?\.mjs$/i, '.check.mjs'],
  [/(?:\.check)?\.ya?ml$/i, '.check.yaml'],
];

/** Files of a folder that hold checks, by name. `by`: who named it, and it must be there; '' where it may be missing. */
export function filesIn(folder: string, by = ''): Found[] {
  const distrust = whyNotTrusted(folder);
  if (distrust?.isMissing && by === '') return [];
  if (distrust?.isMissing) {
    const message = `there is no folder ${folder}, which ${by} names`;
    return [{ file: folder, unusable: new Unusable('broken', message, ['mkdir', '-p', folder]) }];
  }
  if (distrust !== null) return [{ file: folder, unusable: distrusted(distrust) }];
  try {
    const names = fs.readdirSync(folder).sort();
    return names.flatMap((name) => foundOf(path.join(folder, name)) ?? []);
  } catch (error) {
    const message = `cannot read ${folder}: ${describe(error)}`;
    return [{ file: folder, unusable: new Unusable('broken', message) }];
  }
}

/** What `--checks` names: a folder, or one file. Throws a UsageError where that is neither. */
export function filesAt(named: string): Found[] {
  const place = path.resolve(named);
  const kind = kindOf(place);
  if (kind === 'folder') return filesIn(place);
  if (kind === 'missing') throw new UsageError(`--checks: there is no ${place}`);
  const found = foundOf(place);
  if (found && !found.unusable) return [found];
  const hint = found?.unusable
    ? shellLine(found.unusable.cure)
    : 'a file of checks is NAME.check.mjs or NAME.check.yaml';
  throw new UsageError(`--checks: ${place} is no file of checks by its name`, hint);
}

/** Null for a file that has nothing to do with checks. */
export function foundOf(file: string): Found | null {
  const name = path.basename(file);
  if (IS_CHECK.test(name)) return { file };
  if (IS_TEST.test(name)) return null;
  const near = NEAR.find(([pattern]) => pattern.test(name));
  if (!near) return null;
  const better = file.replace(near[0], near[1]);
  const message = `${file} is not read: a file of checks is called ${path.basename(better)}`;
  return { file, unusable: new Unusable('misnamed', message, ['mv', file, better]) };
}
