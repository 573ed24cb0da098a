import type { ReadHost } from '../../host/read-host.ts';
import type { ConfigFile, ConfigValue, IgnoredKey, RuntimeConfigFact } from '../../model/facts.ts';
import type { Problem } from '../../model/outcome.ts';
import { PAUSE_VERSIONS } from '../../model/pause-version-data.ts';
import { textAt } from '../../model/toml-value.ts';
import { containerdDriver } from './cgroup-driver.ts';
import { containerdCni } from './cni-folders.ts';
import { disabledCri } from './disabled-plugins.ts';
import { readWithImports } from './imports.ts';
import { parseRelease, type Release } from './release.ts';
import {
  type ContainerdRules,
  containerdRules,
  type DefaultImages,
  defaultImage,
  NEWEST_CONTAINERD,
  OLDER_CONTAINERD,
} from './release-data.ts';
import { type Resolved, resolve } from './rules.ts';
import { runcPrograms } from './runc-programs.ts';
import { startErrors } from './start-errors.ts';
import { asValue, type ContainerdFile, mainStatement, readStatements, setError } from './statements.ts';
import type { TomlFile } from './toml-file.ts';

/** What is known of a containerd besides its files. */
export interface ContainerdTarget {
  /** Main file; null when there is none and nobody asked for one. */
  file: string | null;
  /** Version of the program; null when it is not known. */
  version: string | null;
  workingFolder: string;
  /** Sandbox images when no file says; those that podctl knows by itself, unless told. */
  images?: DefaultImages;
  /** From the command line: they beat the files. */
  flags: { root?: string; state?: string; address?: string };
  /** Where neither flags nor files say. */
  defaults: { root: string; state: string; address: string };
}

export type ConfigReading = Omit<RuntimeConfigFact, 'runtime' | 'daemonStartedAt'>;

/** A reading, and the files that could not be read. */
export interface Reading {
  config: ConfigReading;
  problems: Problem[];
}

/** Reads containerd's configuration as the given release would at its next start. Never throws. */
export async function readContainerd(host: ReadHost, target: ContainerdTarget): Promise<Reading> {
  const release = target.version === null ? null : parseRelease(target.version);
  const importRules = {
    relativeGlobs: release === null || containerdRules(release).relativeGlobs,
    workingFolder: target.workingFolder,
  };
  const tomls = target.file === null ? [] : await readWithImports(host, target.file, importRules);
  const files = tomls.map(readStatements);
  const outcome = release === null ? agreed(files) : judge(files, containerdRules(release));
  for (const { toml, message, path } of outcome.errors) setError(toml, message, path);
  const broken = files.some((file) => file.toml.error !== null);
  const { root, state, address } = places(files, target);
  const byDefault = defaultImage(target.images ?? PAUSE_VERSIONS.defaults.containerd, release);
  return {
    config: {
      files: files.map(asConfigFile),
      sandboxImage: broken ? null : sandboxImage(outcome, release, byDefault),
      defaultSandboxImage: byDefault,
      statedSandboxImage: mainStatement(files[0]),
      ignored: broken ? [] : outcome.ignored,
      rootDir: root,
      stateDir: state,
      address,
      cni: containerdCni(files.map(({ toml }) => toml.table)),
      cgroupDriver: broken ? null : containerdDriver(files),
      runcs: runcPrograms(files.map(({ toml }) => toml.table)),
      netnsDir: outcome.netnsUnderState ? `${state}/io.containerd.grpc.v1.cri/netns` : '/run/netns',
      criDisabled: disabledCri(files),
      dropsInfra: false,
    },
    problems: tomls.flatMap((toml) => (toml.unread === null ? [] : [toml.unread])),
  };
}

interface Judged extends Pick<Resolved, 'image' | 'ignored' | 'netnsUnderState'> {
  errors: ReturnType<typeof startErrors>;
  /** Does every release that starts with these files use the same statement? */
  sure: boolean;
}

function judge(files: readonly ContainerdFile[], rules: ContainerdRules): Judged {
  const resolved = resolve(files, rules);
  return { ...resolved, errors: startErrors(files, resolved, rules), sure: true };
}

/** For an unknown release: what one release of each style that starts with these files would do alike. */
function agreed(files: readonly ContainerdFile[]): Judged {
  const newest = judge(files, containerdRules(NEWEST_CONTAINERD));
  const all = [...OLDER_CONTAINERD.map((sample) => judge(files, containerdRules(sample))), newest];
  const starting = all.filter(({ errors }) => errors.length === 0);
  const [first = newest, ...others] = starting;
  return {
    ...first,
    sure: others.every(({ image }) => image === first.image),
    ignored: first.ignored.filter((key) => others.every((other) => other.ignored.some(sameAs(key)))),
  };
}

function sameAs(a: IgnoredKey): (b: IgnoredKey) => boolean {
  return (b) => a.file === b.file && a.key === b.key && a.reason === b.reason;
}

function sandboxImage(
  { image, sure }: Judged,
  release: Release | null,
  byDefault: string | null,
): ConfigValue | null {
  if (!sure) return null;
  // 2.x takes an empty name for none; 1.x would ask for an image without a name.
  if (image && (image.value !== '' || release?.major === 1)) return asValue(image);
  return byDefault === null ? null : { value: byDefault, file: null, line: null, origin: 'default' };
}

/** Root, state and socket: flags, else the last file that names one, else the default. */
function places(files: readonly ContainerdFile[], { flags, defaults }: ContainerdTarget) {
  const last = (name: string, of: (file: ContainerdFile) => string | undefined) =>
    files.map(of).findLast((text) => text !== undefined && text !== '') ?? name;
  return {
    root: flags.root ?? last(defaults.root, (file) => textAt(file.toml.table, ['root'])),
    state: flags.state ?? last(defaults.state, (file) => textAt(file.toml.table, ['state'])),
    address: flags.address ?? last(defaults.address, grpcAddress),
  };
}

/** Version 4 has the socket in a plugin's table only. */
function grpcAddress({ toml, version }: ContainerdFile): string | undefined {
  const own = textAt(toml.table, ['plugins', 'io.containerd.server.v1.grpc', 'address']);
  return own ?? (version > 3 ? undefined : textAt(toml.table, ['grpc', 'address']));
}

function asConfigFile({ toml, declared }: ContainerdFile): ConfigFile {
  return fileFact(toml, toml.parsed ? declared || 1 : 0);
}

/** A file as the fact shows it. */
export function fileFact({ path, mtime, sha256, error }: TomlFile, version: number): ConfigFile {
  return { path, version, mtime, sha256, error };
}
