import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { CriDockerdFact, Daemon } from '../model/facts.ts';
import { absent, complete, failed, type Gathered, type Problem, problem } from '../model/outcome.ts';
import { isObject } from '../model/shape.ts';
import type { CollectContext, Collector } from './collector.ts';
import { parseDockerList } from './docker-list.ts';
import { httpGet } from './http-get.ts';
import { knownValue } from './known-value.ts';
import { summarize } from './problems.ts';

const ROOT = '/var/lib/cri-dockerd';
const DOCKER = '/run/docker.sock';
const ASK_MS = 2000;
const MAX_ANSWER = 16 * 1024 * 1024;
const MAX_CHECKPOINT = 64 * 1024;
const MOST = 2000;
const ID = /^[0-9a-f]{64}$/;
const QUERY = `all=true&filters=${encodeURIComponent('{"label":["io.kubernetes.docker.type=podsandbox"]}')}`;

export const criDockerdCollector: Collector<'criDockerd'> = {
  fact: 'criDockerd',
  summary: "cri-dockerd's flags and checkpoints, and the sandboxes that Docker has for it",
  timeoutMs: ASK_MS + 2000,
  needs: ['daemons'],
  after: ['sandboxes'],
  async collect({ host, known, signal }: CollectContext): Promise<Gathered<CriDockerdFact>> {
    const daemons = known('daemons');
    const daemon = knownValue(daemons)?.find(({ kind }) => kind === 'cri-dockerd');
    if (daemon === undefined) {
      if (daemons?.status === 'complete') return absent('cri-dockerd does not run');
      return failed('unavailable', 'which daemons run is not known, so a cri-dockerd may be among them');
    }
    const problems: Problem[] = [];
    const rootDir = daemon.flags['cri-dockerd-root-directory'] || ROOT;
    const value: CriDockerdFact = {
      pid: daemon.pid,
      image: daemon.flags['pod-infra-container-image'] || null,
      rootDir,
      checkpoints: checkpointsIn(host, `${rootDir}/sandbox`, problems),
      ...(await askDocker(host, daemon, signal)),
    };
    return complete(value, summarize(problems));
  },
};

function checkpointsIn(host: ReadHost, folder: string, problems: Problem[]): CriDockerdFact['checkpoints'] {
  let ids: string[];
  try {
    ids = host.list(folder).filter((name) => ID.test(name));
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, folder));
    return [];
  }
  if (ids.length > MOST)
    problems.push(problem('truncated', `${folder} holds ${ids.length} files; ${MOST} were read`, folder));
  return ids.slice(0, MOST).flatMap((sandboxId) => {
    const path = `${folder}/${sandboxId}`;
    try {
      const { mtime, type } = host.stat(path);
      if (type !== 'file') return [];
      return [
        { path, sandboxId, state: checkpointState(host.readFile(path, { max: MAX_CHECKPOINT })), mtime },
      ];
    } catch (error) {
      if (!isMissing(error)) problems.push(problemOf(error, path));
      return [];
    }
  });
}

/** Whether cri-dockerd can read it: an object of JSON. Its checksum is cri-dockerd's own business. */
export function checkpointState(text: string): CriDockerdFact['checkpoints'][number]['state'] {
  if (text.trim() === '') return 'empty';
  try {
    return isObject(JSON.parse(text)) ? 'whole' : 'malformed';
  } catch {
    return 'malformed';
  }
}

async function askDocker(
  host: ReadHost,
  { flags }: Daemon,
  signal: AbortSignal,
): Promise<Pick<CriDockerdFact, 'docker' | 'why'>> {
  const endpoint = flags['docker-endpoint'] ?? `unix://${DOCKER}`;
  const path = /^unix:\/\/(\/.*)$/.exec(endpoint)?.[1];
  if (path === undefined) return { docker: null, why: 'Docker is not asked over a network' };
  const got = await httpGet(new URL(`http://docker/containers/json?${QUERY}`), {
    socketPath: host.locate(path),
    timeoutMs: ASK_MS,
    maxBytes: MAX_ANSWER,
    signal,
  });
  if (!got.ok) return { docker: null, why: `${path}: ${got.why}` };
  const docker = parseDockerList(got.text);
  return docker === null
    ? { docker, why: `${path}: the answer is no list of containers` }
    : { docker, why: '' };
}
