import fs from 'node:fs';
import path from 'node:path';
import type { AnyCheck } from '../../model/check.ts';
import type { CheckFile } from '../../model/own-config-facts.ts';
import { documentCheck } from './document-checks.ts';
import type { Found } from './find.ts';
import { moduleChecks } from './module-checks.ts';
import { readSource } from './source.ts';
import { Unusable } from './unusable.ts';

/** What a file gave. */
export interface Loaded {
  checks: AnyCheck[];
  file: CheckFile;
}

/**
 * The checks of a `*.check.mjs` or `*.check.yaml`; for a file that cannot be used none, and why. `elsewhere`: why
 * programs that look at the node for themselves would look at another one; '' where they would not. Never throws.
 */
export async function loadCheckFile(named: string, elsewhere = ''): Promise<Loaded> {
  const file = path.resolve(named);
  try {
    const source = readSource(file);
    const checks = file.endsWith('.mjs')
      ? await moduleChecks(file, source)
      : [await documentCheck(file, source, elsewhere)];
    refuseTwins(file, checks);
    return { checks, file: { file, checks: checks.map(({ meta }) => meta.id), fault: '', cure: [] } };
  } catch (error) {
    if (error instanceof Unusable) return { checks: [], file: faulty(file, error) };
    throw error;
  }
}

/** All that was found, in that order; of two checks with one id the first. */
export async function loadAll(found: readonly Found[], elsewhere: string): Promise<Loaded[]> {
  const loaded = await Promise.all(
    onceEach(found).map(({ file, unusable }) =>
      unusable ? { checks: [], file: faulty(file, unusable) } : loadCheckFile(file, elsewhere),
    ),
  );
  const owners = new Map<string, string>();
  return loaded.map((one) => {
    const twin = one.checks.find(({ meta }) => owners.has(meta.id));
    if (twin) return { checks: [], file: faulty(one.file.file, taken(one.file.file, twin.meta.id, owners)) };
    for (const { meta } of one.checks) owners.set(meta.id, one.file.file);
    return one;
  });
}

function faulty(file: string, { kind, message, cure }: Unusable): CheckFile {
  return { file, checks: [], fault: message, cure, kind };
}

/** By two names, or by two ways, the same file may be found twice. */
function onceEach(found: readonly Found[]): Found[] {
  const known = new Set<string>();
  return found.filter(({ file }) => {
    const real = fs.existsSync(file) ? fs.realpathSync(file) : file;
    if (known.has(real)) return false;
    known.add(real);
    return true;
  });
}

function refuseTwins(file: string, checks: readonly AnyCheck[]): void {
  const ids = checks.map(({ meta }) => meta.id);
  const twin = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twin !== undefined) throw new Unusable('broken', `${file}: two checks of it are called ${twin}`);
}

function taken(file: string, id: string, owners: ReadonlyMap<string, string>): Unusable {
  return new Unusable(
    'broken',
    `${file} is not used: ${id} is the id of a check in ${owners.get(id)} already`,
  );
}
