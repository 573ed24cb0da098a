import path from 'node:path';
import { type Args, one } from '../args.ts';

/** A file that may hold configuration. */
export interface ConfigPlace {
  file: string;
  /** Who named it, which then must be there; '' where it may be missing. */
  by: string;
}

export const NODE_CONFIG = '/etc/podctl/config.yaml';
const VARIABLE = 'PODCTL_CONFIG';
const OPTION = '--config';
/** In place of a file: none of those that say less is read. */
const NONE = 'none';

/** Where configuration is read from, the file that says least first. */
export function configPlaces(
  args: Args,
  env: Record<string, string | undefined>,
  isRoot = process.geteuid?.() === 0,
): ConfigPlace[] {
  const option = one(args, 'config');
  const variable = env[VARIABLE] || undefined;
  if (option === NONE) return [];
  const home = isRoot ? '' : homeConfig(env);
  return [
    ...(variable === NONE ? [] : [{ file: NODE_CONFIG, by: '' }]),
    ...(variable === NONE || home === '' ? [] : [{ file: home, by: '' }]),
    ...named(variable === NONE ? undefined : variable, VARIABLE),
    ...named(option, OPTION),
  ];
}

function named(file: string | undefined, by: string): ConfigPlace[] {
  return file === undefined ? [] : [{ file: path.resolve(file), by }];
}

/** '' where there is no home. A relative XDG_CONFIG_HOME says nothing, as its specification wants. */
function homeConfig({ XDG_CONFIG_HOME: folder, HOME }: Record<string, string | undefined>): string {
  if (folder && path.isAbsolute(folder)) return path.join(folder, 'podctl/config.yaml');
  return HOME && path.isAbsolute(HOME) ? path.join(HOME, '.config/podctl/config.yaml') : '';
}
