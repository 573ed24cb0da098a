import { tableAt } from '../../model/toml-value.ts';
import type { ContainerdRules } from './release-data.ts';
import type { Resolved } from './rules.ts';
import type { ContainerdFile } from './statements.ts';
import type { TomlFile } from './toml-file.ts';

/** Why containerd will not start with a file, and the key that is to blame. */
export interface StartError {
  toml: TomlFile;
  message: string;
  path: readonly string[];
}

/** What files that parse are refused for, by the rules of a release. */
export function startErrors(
  files: readonly ContainerdFile[],
  { version, versionFrom }: Resolved,
  rules: ContainerdRules,
): StartError[] {
  const errors: StartError[] = [];
  if (versionFrom !== null && version > rules.highestVersion) {
    const message = `version ${version} is too new for this containerd, which reads versions up to ${rules.highestVersion}`;
    errors.push({ toml: versionFrom.toml, message, path: ['version'] });
  }
  if (rules.refusesHigherImports) errors.push(...higherImports(files));
  if (rules.style === 'replace' && version > 1) errors.push(...shortNames(files, version));
  return errors;
}

/** The first file that declares a version sets the highest that may be imported. */
function higherImports(files: readonly ContainerdFile[]): StartError[] {
  const main = files.find((file) => file.version > 0);
  if (main === undefined) return [];
  return files
    .filter((file) => file.version > main.version)
    .map(({ toml, version }) => ({
      toml,
      message: `version ${version} is higher than version ${main.version} of ${main.toml.path}, which imports it`,
      path: ['version'],
    }));
}

/** 1.x refuses plugin tables with names of config version 1 as soon as a file declares another version. */
function shortNames(files: readonly ContainerdFile[], version: number): StartError[] {
  return files.flatMap(({ toml }) => {
    const names = Object.keys(tableAt(toml.table, ['plugins']) ?? {});
    const short = names.find((name) => name.split('.').length < 4);
    if (short === undefined) return [];
    const message = `plugin ${JSON.stringify(short)} needs its full name, as io.containerd.grpc.v1.cri, under version ${version}`;
    return [{ toml, message, path: ['plugins', short] }];
  });
}
