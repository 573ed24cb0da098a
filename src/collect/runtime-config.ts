import type { ReadHost } from '../host/read-host.ts';
import type { Daemon, RuntimeConfigFact } from '../model/facts.ts';
import { absent, complete, type Outcome, type Problem, problem } from '../model/outcome.ts';
import type { CollectContext, Collector } from './collector.ts';
import { type Choice, CRIO_FILE, CRIO_FOLDER, chooseRuntime } from './config/choose.ts';
import type { Reading } from './config/containerd.ts';
import { readCrio } from './config/crio.ts';
import { samePath } from './config/layout.ts';
import { absolute, existing, readContainerdOf, workingFolderOf } from './config/of-daemon.ts';
import { askVersion } from './config/release.ts';
import type { DefaultImages } from './config/release-data.ts';
import { PROGRAM_FOLDERS } from './on-disk/folders.ts';

/** What the runtime's files, flags and built-in defaults make it do at its next start. */
export const runtimeConfigCollector: Collector<'runtimeConfig'> = {
  fact: 'runtimeConfig',
  summary: 'effective configuration of the runtime: sandbox image and folders, each with file and line',
  timeoutMs: 6000,
  needs: ['host', 'daemons', 'endpoints', 'runtime', 'pauseVersions'],
  async collect(context) {
    const { host, known, look, signal } = context;
    const chosen = chooseRuntime(
      host,
      seen(known('runtime')),
      seen(known('endpoints')),
      seen(known('daemons')) ?? [],
    );
    const choice = typeof chosen === 'string' && look.image ? await installedIn(host) : chosen;
    if (typeof choice === 'string')
      return absent((look.image ? undefined : reasonOf(known('runtime'))) ?? choice);
    const images = seen(known('pauseVersions'))?.defaults[choice.runtime];
    const { reading, daemon, version } = await readServing(host, choice, images, signal);
    const { files, sandboxImage } = reading.config;
    if (files.length === 0 && daemon === null && choice.version === null && !look.image) {
      return absent(`${choice.runtime} does not run and has no configuration file`);
    }
    const value: RuntimeConfigFact = {
      runtime: choice.runtime,
      ...reading.config,
      daemonStartedAt: daemon && startedAt(context, daemon),
    };
    return complete(value, [...reading.problems, ...unknownDefault(choice, version, files, sandboxImage)]);
  },
};

/** In a node image without a configuration file the programs tell which runtime is meant. */
async function installedIn(host: ReadHost): Promise<Choice | string> {
  const { programOnDisk } = await import('./on-disk/programs.ts');
  const runtime = RUNTIMES.find((name) => programOnDisk(host, name) !== null);
  if (runtime === undefined) return 'the node image has neither containerd nor CRI-O';
  return { runtime, daemons: [], endpoint: null, version: null };
}

/** One absence is told in one way: without a runtime there is no configuration of one. */
function reasonOf(outcome: Outcome<unknown> | undefined): string | undefined {
  return outcome?.status === 'absent' ? outcome.reason : undefined;
}

function seen<T>(outcome: Outcome<T> | undefined): T | undefined {
  return outcome?.status === 'complete' || outcome?.status === 'partial' ? outcome.value : undefined;
}

/** The program that would be started: the running one's file, even if it was replaced meanwhile. */
function programsOf(runtime: Choice['runtime'], daemon: Daemon | null): string[] {
  const exe = daemon?.exe.replace(/ \(deleted\)$/, '');
  return exe ? [exe] : PROGRAM_FOLDERS.map((folder) => `${folder}/${runtime}`);
}

const RUNTIMES = ['containerd', 'crio'] as const;

interface Served {
  reading: Reading;
  daemon: Daemon | null;
  version: string | null;
}

/** Of several daemons, the one whose configuration names the endpoint; else the first. */
async function readServing(
  host: ReadHost,
  choice: Choice,
  images: DefaultImages | undefined,
  signal: AbortSignal,
): Promise<Served> {
  const { runtime, daemons, endpoint } = choice;
  const read = async (daemon: Daemon | null): Promise<Served> => {
    // One that does not answer is asked by its own program: another one on the node may be of another release.
    const version = choice.version ?? (await askVersion(host, runtime, programsOf(runtime, daemon), signal));
    const reading =
      runtime === 'containerd'
        ? await readContainerdOf(host, daemon, endpoint, version, images)
        : await readCrioOf(host, daemon, version, images);
    return { reading, daemon, version };
  };
  const [first = null, ...others] = daemons;
  const served = await read(first);
  for (const daemon of endpoint === null || samePath(served.reading.config.address, endpoint) ? [] : others) {
    const other = await read(daemon);
    if (samePath(other.reading.config.address, endpoint ?? '')) return other;
  }
  return served;
}

function readCrioOf(
  host: ReadHost,
  daemon: Daemon | null,
  version: string | null,
  images: DefaultImages | undefined,
): Promise<Reading> {
  const flags = daemon?.flags ?? {};
  const workingFolder = workingFolderOf(host, daemon);
  // An empty flag switches the file or folder off.
  const named = (flag: string | undefined, otherwise: string | null) =>
    flag === undefined ? otherwise : flag === '' ? null : absolute(workingFolder, flag);
  const file = named(flags.config, existing(host, CRIO_FILE));
  const folder = named(flags['config-dir'], CRIO_FOLDER);
  return readCrio(host, { file, folder, version, flags, ...(images && { images }) });
}

function startedAt({ known }: CollectContext, { startTicks }: Daemon): number | null {
  const host = seen(known('host'));
  return host ? host.bootTime + (startTicks / host.ticksPerSecond) * 1000 : null;
}

function unknownDefault(
  { runtime }: Choice,
  version: string | null,
  files: RuntimeConfigFact['files'],
  image: RuntimeConfigFact['sandboxImage'],
): Problem[] {
  if (image !== null || files.some((file) => file.error !== null)) return [];
  const why =
    version === null
      ? `the version of ${runtime} is not known`
      : `the default of ${runtime} ${version} is not known`;
  return [problem('unavailable', `${why}, and no file says for certain which sandbox image it uses`)];
}
