import fs from 'node:fs';
import path from 'node:path';
import type { AnyCheck } from '../model/check.ts';
import type { CheckFile } from '../model/own-config-facts.ts';
import { type Args, many, one } from './args.ts';
import { builtinChecks } from './builtin-checks.ts';
import type { Layer } from './config/layer.ts';
import { findHostRoot } from './host-root.ts';

/** Where checks of others are, beside /etc/podctl/checks.d. */
export interface CheckPlaces {
  folders: readonly string[];
  /** Names of npm packages. */
  packages: readonly string[];
}

/** Every check that there is, and the files that those of others are from. */
export interface Assembled {
  checks: readonly AnyCheck[];
  files: readonly CheckFile[];
}

const NODE_FOLDER = '/etc/podctl/checks.d';
const NONE = 'none';
const NOWHERE: CheckPlaces = { folders: [], packages: [] };

/**
 * The checks of every command: our own, then those of others, by `--checks`, the configuration and the node's own
 * folder. Where there are none of others, that costs one look for the folder. Throws a UsageError for a `--checks` that
 * names nothing.
 */
export async function assemble(args: Args, places: CheckPlaces = NOWHERE): Promise<Assembled> {
  const named = many(args, 'checks');
  if (named.includes(NONE)) return { checks: builtinChecks, files: [] };
  const isPlain = named.length + places.folders.length + places.packages.length === 0;
  if (isPlain && !fs.existsSync(NODE_FOLDER)) return { checks: builtinChecks, files: [] };
  const { filesAt, filesIn } = await import('./plugins/find.ts');
  const { filesOfPackage } = await import('./plugins/packages.ts');
  const { loadAll } = await import('./plugins/load.ts');
  const found = [
    ...filesIn(NODE_FOLDER),
    ...places.folders.flatMap((folder) => filesIn(folder, 'the configuration')),
    ...places.packages.flatMap((name) => filesOfPackage(name)),
    ...named.flatMap(filesAt),
  ];
  const loaded = await loadAll(found, elsewhere(args));
  return {
    checks: [...builtinChecks, ...loaded.flatMap(({ checks }) => checks)],
    files: loaded.map(({ file }) => file),
  };
}

/** The same with what the configuration says. Without a file, nothing that understands one is loaded. */
export async function assembleBy(args: Args, layers: readonly Layer[]): Promise<Assembled> {
  if (layers.length === 0) return assemble(args);
  const { listed } = await import('./config/values.ts');
  const texts = (name: Parameters<typeof listed>[1]) => listed(layers, name).map(({ text }) => text);
  return assemble(args, { folders: texts('folders.checks'), packages: texts('checks.packages') });
}

/** Why a program that looks for itself would look at another machine than the doctor; '' where it would not. */
export function elsewhere(args: Args): string {
  const looks = 'its program looks at the machine that it runs on';
  if (args['from-snapshot'] !== undefined) return `${looks}, and a snapshot is judged`;
  const root = path.resolve(one(args, 'root') ?? (findHostRoot() || '/'));
  return root === '/' ? '' : `${looks}, and the node is below ${root}`;
}
