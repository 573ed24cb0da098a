import path from 'node:path';
import type { ReadHost } from '../host/read-host.ts';
import type { CniConfFact, CniPlugin, RuntimeFact } from '../model/facts.ts';

const TIMEOUT_MS = 2000;
const OTHERS_MAY_WRITE = 0o022;
/** Every plugin in use speaks these. */
const SPOKEN_BY_ALL = ['', '0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0'];
/** Programs that are older than the specification 1.0.0. */
const BEFORE_1_0_0 = Date.UTC(2021, 7, 1);

interface Around {
  conf: CniConfFact;
  runtime: RuntimeFact | undefined;
  signal: AbortSignal;
}

/**
 * Asks the plugins of the runtime's configuration which CNI versions they speak, where there is reason to doubt:
 * that is done by running them, as the runtime does for every pod, with the verb that changes nothing.
 */
export async function askVersions(host: ReadHost, around: Around, plugins: CniPlugin[]): Promise<void> {
  const { conf, runtime, signal } = around;
  const { versions = [] } = conf.files.find((file) => file.path === conf.winner) ?? {};
  const [lowest = ''] = versions.toSorted();
  if (host.root !== '' || SPOKEN_BY_ALL.includes(lowest)) return;
  const isDoubtful = isRefused(runtime) || isUntried(lowest, runtime);
  const doubtful = plugins.filter(
    (plugin) =>
      plugin.neededBy.some(({ from }) => from === 'configuration') &&
      (isDoubtful || (lowest === '1.0.0' && plugin.mtime < BEFORE_1_0_0)) &&
      isRootsAlone(host, plugin),
  );
  if (doubtful.length === 0) return;
  const { pluginVersions } = await import('../cni/negotiate.ts');
  const { pluginPath } = await import('../cni/runtime.ts');
  await Promise.all(
    doubtful.map(async (plugin) => {
      const folders = [path.dirname(plugin.path ?? '')];
      const how = { cacheDir: '', timeoutMs: TIMEOUT_MS, envPath: pluginPath(undefined), signal };
      const said = await pluginVersions({ ...how, binFolders: folders }, plugin.type).catch(() => null);
      plugin.versions = said;
    }),
  );
}

/** The runtime has the configuration, and yet no network: from 1.1.0 on it asks the plugins. */
function isRefused(runtime: RuntimeFact | undefined): boolean {
  const network = runtime?.conditions.find(({ type }) => type === 'NetworkReady');
  return network?.status === false && runtime?.cniLoadErrors.length === 0;
}

/** Versions that plugins may well not speak, and that the runtime did not try on them: containerd 2 does. */
function isUntried(version: string, runtime: RuntimeFact | undefined): boolean {
  if (version === '1.0.0') return false;
  return version !== '1.1.0' || runtime?.name !== 'containerd' || /^v?1\./.test(runtime.version);
}

/** What others may write is not run. */
function isRootsAlone(host: ReadHost, { path: file, executable }: CniPlugin): boolean {
  if (file === null || !executable) return false;
  try {
    return [file, path.dirname(file)].every((part) => {
      const { uid, mode } = host.stat(part, { follow: true });
      return uid === 0 && (mode & OTHERS_MAY_WRITE) === 0;
    });
  } catch {
    return false;
  }
}
