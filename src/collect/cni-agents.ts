import { isMissing, problemOf, type ReadHost, systemCode } from '../host/read-host.ts';
import type { AgentState, CniAgentsFact, CniConfFact, HandedOver } from '../model/facts.ts';
import { absent, complete, failed, type Problem, partial, problem } from '../model/outcome.ts';
import { agentPlaces, handedOverFolder, type Place } from './agent-places.ts';
import type { Collector } from './collector.ts';
import { inBatches } from './in-batches.ts';
import { summarize } from './problems.ts';
import { parseUnixSockets } from './sockets.ts';

const MAX_BYTES = 256 * 1024;
const MOST_FILES = 5000;

/** Sockets of agents are bound inside containers, where their folder has another name. */
const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** What the agents of pod networks keep on the node for the plugins of the configurations that are there. */
export const cniAgentsCollector: Collector<'cniAgents'> = {
  fact: 'cniAgents',
  summary: "state files, sockets and credentials of CNI plugins' agents; what delegating plugins wrote down",
  timeoutMs: 5000,
  needs: ['cniConf'],
  async collect({ host, known, signal }) {
    const conf = known('cniConf');
    if (!conf || conf.status === 'failed')
      return failed('unavailable', conf?.problem.message ?? 'the CNI configuration was not looked at');
    if (conf.status === 'absent') return absent(conf.reason);
    const problems: Problem[] = [];
    const value: CniAgentsFact = { states: [], credentials: [], handedOver: [] };
    const listening = listeningSockets(host);
    for (const { type: plugin, network, files } of pluginsOf(conf.value)) {
      for (const place of agentPlaces(plugin, files)) {
        const state = stateOf(host, place, listening, problems);
        if (state) value.states.push({ plugin, network, path: place.path, kind: place.kind, state });
      }
      const { kubeconfig } = files;
      if (kubeconfig) await addCredential(host, value, { plugin, network, path: kubeconfig }, problems);
      const folder = handedOverFolder(plugin, files);
      if (folder && value.handedOver.every((one) => one.plugin !== plugin)) {
        await addHandedOver(host, value, { plugin, network, folder }, signal, problems);
      }
    }
    return problems.length === 0 ? complete(value) : partial(value, summarize(problems));
  },
};

function pluginsOf({ files }: CniConfFact) {
  return files.flatMap(({ name: network, plugins }) =>
    plugins.map(({ type, files: named = {} }) => ({ type, network, files: named })),
  );
}

/** Names of the sockets that somebody listens on, read when the first one is asked for. */
function listeningSockets(host: ReadHost): () => Set<string> {
  let names: Set<string> | undefined;
  return () => {
    names ??= new Set([...parseUnixSockets(host.readKernel('/proc/net/unix')).values()].map(baseName));
    return names;
  };
}

/** Null where it could not be seen. */
function stateOf(
  host: ReadHost,
  { kind, path, holds }: Place,
  listening: () => Set<string>,
  problems: Problem[],
): AgentState['state'] | null {
  try {
    const { type } = host.stat(path, { follow: true });
    if (kind === 'socket') return type === 'socket' && listening().has(baseName(path)) ? 'there' : 'deaf';
    if (holds === undefined) return 'there';
    return holds.test(host.readFile(path, { follow: true, max: MAX_BYTES })) ? 'there' : 'malformed';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    problems.push(problemOf(error, path));
    return null;
  }
}

async function addCredential(
  host: ReadHost,
  value: CniAgentsFact,
  whose: { plugin: string; network: string; path: string },
  problems: Problem[],
): Promise<void> {
  const { credentialOf } = await import('./credential-expiry.ts');
  try {
    const told = await credentialOf(host, whose.path);
    const mtime = told.state === 'missing' ? 0 : host.stat(whose.path, { follow: true }).mtime;
    value.credentials.push({ ...whose, mtime, ...told });
  } catch (error) {
    problems.push(problemOf(error, whose.path));
  }
}

async function addHandedOver(
  host: ReadHost,
  value: CniAgentsFact,
  { folder, ...whose }: { plugin: string; network: string; folder: string },
  signal: AbortSignal,
  problems: Problem[],
): Promise<void> {
  try {
    const names = host.list(folder);
    if (names.length > MOST_FILES)
      problems.push(problem('truncated', `${folder} holds ${names.length} files`, folder));
    await inBatches(names.slice(0, MOST_FILES), signal, (name) => {
      const one = readHandedOver(host, `${folder}/${name}`, problems);
      if (one) value.handedOver.push({ ...whose, containerId: name, ...one });
    });
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, folder));
  }
}

function readHandedOver(
  host: ReadHost,
  path: string,
  problems: Problem[],
): Pick<HandedOver, 'path' | 'state' | 'mtime'> | null {
  try {
    const { type, mtime } = host.stat(path);
    if (type !== 'file') return { path, mtime, state: 'foreign' };
    return { path, mtime, state: handedOverState(host.readFile(path, { max: MAX_BYTES })) };
  } catch (error) {
    if (systemCode(error) === 'EFBIG') return { path, mtime: 0, state: 'malformed' };
    if (!isMissing(error)) problems.push(problemOf(error, path));
    return null;
  }
}

/** What the text of such a file is: JSON, which the plugin parses when the container goes, or damaged. */
export function handedOverState(text: string): HandedOver['state'] {
  if (text.trim() === '') return 'empty';
  try {
    JSON.parse(text);
    return 'whole';
  } catch {
    return 'malformed';
  }
}
