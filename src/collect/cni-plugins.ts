import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type {
  CniCacheFact,
  CniConfFact,
  CniPlugin,
  CniPluginConf,
  RuntimeConfigFact,
  RuntimeFact,
} from '../model/facts.ts';
import { absent, complete, failed, type Problem } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { ELF_START, machineOf } from './elf.ts';
import { knownValue } from './known-value.ts';
import { askVersions } from './plugin-versions.ts';
import { summarize } from './problems.ts';

type Need = CniPlugin['neededBy'][number];

/** Multus looks for those that it hands over to where it is told, and only then where the runtime does. */
const MULTUS = /^multus(-shim)?$/;
const MULTUS_BIN = '/opt/cni/bin';
/** Runtimes that run the loopback plugin in every sandbox. */
const WITH_LOOPBACK = ['containerd', 'docker'];
const MOST_PLUGINS = 200;
/** SHA-256 of nothing: a file that lost its content in a power cut tells no folders, and none were meant. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The programs that pods' networks are made and taken down with. */
export const cniPluginsCollector: Collector<'cniPlugins'> = {
  fact: 'cniPlugins',
  summary: 'CNI plugins that are needed: where they are, and whether they can be run',
  timeoutMs: 6000,
  needs: ['cniConf', 'cniCache', 'runtime', 'runtimeConfig'],
  async collect({ host, known, look, signal }) {
    const conf = known('cniConf');
    if (!conf || conf.status === 'failed')
      return failed('unavailable', conf?.problem.message ?? 'the CNI configuration was not looked at');
    if (conf.status === 'absent') return absent(conf.reason);
    const runtime = knownValue(known('runtime'));
    const config = knownValue(known('runtimeConfig'));
    const hidden = runtime?.cni === undefined && hiddenBy(config);
    if (hidden) return failed('malformed', `where plugins are cannot be known: ${hidden}`);
    const problems: Problem[] = [];
    const plugins = [
      ...neededPlugins(conf.value, knownValue(known('cniCache')), look.image ? toStart(config) : runtime),
    ]
      .slice(0, MOST_PLUGINS)
      .map(([type, { needs, folders }]) => {
        const found = lookFor(host, type, [...folders, ...conf.value.binDirs], problems);
        return { type, neededBy: needs, ...found, versions: null };
      });
    await askVersions(host, { conf: conf.value, runtime, signal }, plugins);
    return complete({ binDirs: conf.value.binDirs, plugins }, summarize(problems));
  },
};

/** What hides which folders a runtime goes by that does not tell: its files say so, as they were when it started. */
function hiddenBy(config: RuntimeConfigFact | undefined): string | undefined {
  const { files = [], daemonStartedAt: since = null } = config ?? {};
  for (const { path, error, sha256, mtime } of files) {
    if (error) return `${path} has an error`;
    if (sha256 === EMPTY) return `${path} is empty`;
    if (since !== null && mtime > since) return `${path} was changed after the runtime was started`;
  }
  return undefined;
}

/** The runtime of a node image, as it will be. */
function toStart(config: RuntimeConfigFact | undefined): LoopbackNeed | undefined {
  return config && { name: config.runtime, internalLoopback: config.cni?.internalLoopback ?? false };
}

type LoopbackNeed = Pick<RuntimeFact, 'name' | 'internalLoopback'>;

interface Needed {
  needs: Need[];
  /** Where it is looked for first. */
  folders: string[];
}

/** Plugins by type, and who needs them. */
export function neededPlugins(
  { files, winner }: CniConfFact,
  cache: CniCacheFact | undefined,
  runtime: LoopbackNeed | undefined,
): Map<string, Needed> {
  const found = new Map<string, Needed>();
  const add = (type: string, need: Need, folders: string[] = []) => {
    const known = found.get(type) ?? { needs: [], folders };
    const isNew = known.needs.every((n) => JSON.stringify(n) !== JSON.stringify(need));
    found.set(type, { ...known, needs: isNew ? [...known.needs, need] : known.needs });
  };
  const addAll = (from: Need['from'], network: string, plugins: readonly CniPluginConf[]) => {
    for (const { type, ipam, delegates = [], files: named = {} } of plugins) {
      add(type, { from, network, role: 'plugin' });
      if (ipam) add(ipam.type, { from, network, role: 'ipam' });
      const first = MULTUS.test(type) ? [named.binDir ?? MULTUS_BIN] : [];
      for (const delegate of delegates) add(delegate, { from, network, role: 'delegate' }, first);
    }
  };
  if (runtime && WITH_LOOPBACK.includes(runtime.name) && runtime.internalLoopback !== true)
    add('loopback', { from: 'runtime', network: '', role: 'loopback' });
  const taken = files.find(({ path }) => path === winner);
  if (taken) addAll('configuration', taken.name, taken.plugins);
  for (const { network, plugins } of cache?.configs ?? []) addAll('cache', network, plugins);
  return found;
}

type Found = Pick<CniPlugin, 'path' | 'executable' | 'machine' | 'mtime'>;

const NOWHERE: Found = { path: null, executable: false, machine: '', mtime: 0 };

/** As runtimes look: the first regular file of that name, whether it can be run or not. */
function lookFor(host: ReadHost, type: string, folders: readonly string[], problems: Problem[]): Found {
  if (type === '' || type.includes('/')) return NOWHERE;
  for (const folder of new Set(folders)) {
    const path = `${folder}/${type}`;
    try {
      const { type: kind, mode, mtime } = host.stat(path, { follow: true });
      if (kind !== 'file') continue;
      const machine = machineOf(host.readStart(path, ELF_START).bytes);
      return { path, executable: (mode & 0o111) !== 0, machine, mtime };
    } catch (error) {
      if (!isMissing(error)) problems.push(problemOf(error, path));
    }
  }
  return NOWHERE;
}
