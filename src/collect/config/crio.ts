import type { ReadHost } from '../../host/read-host.ts';
import type { ConfigValue, IgnoredKey } from '../../model/facts.ts';
import { PAUSE_VERSIONS } from '../../model/pause-version-data.ts';
import { CRIO_IMAGE_PATH } from '../../model/sandbox-image-keys.ts';
import { type Kind, keyName, textAt, valueAt, wrongKind } from '../../model/toml-value.ts';
import { crioDriver } from './cgroup-driver.ts';
import { crioCni } from './cni-folders.ts';
import { fileFact, type Reading } from './containerd.ts';
import { readCrioFiles, readStorage } from './crio-files.ts';
import { parseRelease } from './release.ts';
import { crioDropsInfra, type DefaultImages, defaultImage } from './release-data.ts';
import { setError } from './statements.ts';
import type { TomlFile } from './toml-file.ts';

/** What is known of a CRI-O besides its files. */
export interface CrioTarget {
  /** Main file; null when there is none and nobody asked for one. */
  file: string | null;
  /** Folder of further files; null for none. */
  folder: string | null;
  /** Version of the program; null when it is not known. */
  version: string | null;
  /** From the command line, by long name: they beat the files. */
  flags: Record<string, string>;
  /** Sandbox images when no file says; those that podctl knows by itself, unless told. */
  images?: DefaultImages;
}

const PAUSE_IMAGE = CRIO_IMAGE_PATH;
const ROOT = ['crio', 'root'];
const RUNROOT = ['crio', 'runroot'];
const LISTEN = ['crio', 'api', 'listen'];
const NAMESPACES = ['crio', 'runtime', 'namespaces_dir'];
const VERSION_FILE = ['crio', 'version_file'];
const CLEAN_SHUTDOWN = ['crio', 'clean_shutdown_file'];
const DROP_INFRA = ['crio', 'runtime', 'drop_infra_ctr'];

const KINDS: readonly (readonly [readonly string[], Kind])[] = [
  ...[PAUSE_IMAGE, ROOT, RUNROOT, LISTEN, NAMESPACES, VERSION_FILE, CLEAN_SHUTDOWN].map(
    (key) => [key, 'text'] as const,
  ),
  [DROP_INFRA, 'truth'],
];

type FileValue = ConfigValue & { file: string };

/** Reads CRI-O's configuration: the last file that names a key wins. Never throws. */
export async function readCrio(host: ReadHost, target: CrioTarget): Promise<Reading> {
  const files = await readCrioFiles(host, target.file, target.folder);
  for (const file of files) {
    const wrong = wrongKind(file.table, KINDS);
    if (wrong !== null) setError(file, wrong.message, wrong.path);
  }
  const release = target.version === null ? null : parseRelease(target.version);
  const text = (flag: string, key: string[]) =>
    target.flags[flag] || files.map((file) => textAt(file.table, key)).findLast((value) => value);
  const storage = await readStorage(host);
  const images = files.flatMap(pauseImage);
  const broken = files.some((file) => file.error !== null);
  const flagged = target.flags['pause-image'];
  const builtIn = defaultImage(target.images ?? PAUSE_VERSIONS.defaults.crio, release);
  const image = images.at(-1) ?? byDefault(builtIn);
  return {
    config: {
      files: files.map((file) => fileFact(file, 0)),
      sandboxImage: broken ? null : flagged ? byFlag(flagged) : image,
      defaultSandboxImage: builtIn,
      statedSandboxImage: images.find((value) => value.file === target.file) ?? null,
      ignored: broken ? [] : overridden(images),
      rootDir: text('root', ROOT) ?? storage.root,
      stateDir: text('runroot', RUNROOT) ?? storage.runroot,
      address: text('listen', LISTEN) ?? '/var/run/crio/crio.sock',
      cni: crioCni(
        files.map((file) => file.table),
        target.flags,
      ),
      cgroupDriver: broken ? null : crioDriver(files, target.flags['cgroup-manager']),
      netnsDir: netnsDir(text('namespaces-dir', NAMESPACES) ?? '/var/run'),
      marks: {
        version: text('version-file', VERSION_FILE) ?? '/var/run/crio/version',
        cleanShutdown: cleanShutdown(files, target.flags['clean-shutdown-file']),
      },
      dropsInfra: dropsInfra(files, target.flags['drop-infra-ctr']) ?? crioDropsInfra(release),
    },
    problems: files.flatMap((file) => (file.unread === null ? [] : [file.unread])),
  };
}

function pauseImage(file: TomlFile): FileValue[] {
  const value = textAt(file.table, PAUSE_IMAGE);
  if (value === undefined) return [];
  return [{ value, file: file.path, line: file.lineOf(PAUSE_IMAGE), origin: 'file' }];
}

function byDefault(value: string | null): ConfigValue | null {
  return value === null ? null : { value, file: null, line: null, origin: 'default' };
}

/** A flag stands in no file; it is closest to a default that this node brings along. */
function byFlag(value: string): ConfigValue {
  return { value, file: null, line: null, origin: 'default' };
}

function overridden(images: readonly FileValue[]): IgnoredKey[] {
  const by = images.at(-1)?.file ?? null;
  return images.slice(0, -1).map(({ file, line, value }) => ({
    file,
    line,
    key: keyName(PAUSE_IMAGE),
    value,
    reason: 'overridden',
    by,
    insteadKey: null,
  }));
}

/** Empty text switches it off. */
function cleanShutdown(files: readonly TomlFile[], flag: string | undefined): string {
  const stated = files.map((file) => textAt(file.table, CLEAN_SHUTDOWN)).findLast((v) => v !== undefined);
  return flag ?? stated ?? '/var/lib/crio/clean.shutdown';
}

function dropsInfra(files: readonly TomlFile[], flag: string | undefined): boolean | undefined {
  if (flag !== undefined) return flag !== 'false';
  const stated = files.map((file) => valueAt(file.table, DROP_INFRA)).findLast((v) => typeof v === 'boolean');
  return typeof stated === 'boolean' ? stated : undefined;
}

/** Below /run, as mountinfo shows it. */
function netnsDir(namespaces: string): string {
  const folder = namespaces.replace(/\/+$/, '');
  return `${folder === '/var/run' || folder.startsWith('/var/run/') ? folder.slice(4) : folder}/netns`;
}
