import type { ReadHost } from '../host/read-host.ts';
import type { PodmanContainer, PodmanFact, PodmanPlace, Process } from '../model/facts.ts';
import { absent, complete, failed, type Gathered, type Problem, partial } from '../model/outcome.ts';
import { parseCmdline } from './argv.ts';
import type { CollectContext, Collector } from './collector.ts';
import { readStorage } from './config/crio-files.ts';
import { isThere } from './config/layout.ts';
import { type PodmanMonitor, parsePodmanMonitor } from './conmon-args.ts';
import { knownValue } from './known-value.ts';
import { podmanContainers } from './podman-containers.ts';
import { aliveAt, pauseAt, unwatched, userFolders } from './podman-folders.ts';
import { summarize } from './problems.ts';

/** Of root's podman, where nothing says otherwise. */
const ROOTS_STATE = '/run/libpod';

/** An owner of pins and addresses: read when all claims are in. */
export const podmanCollector: Collector<'podman'> = {
  fact: 'podman',
  summary: "podman's places (root's and users'), their containers, and what they believe of the last reboot",
  timeoutMs: 4000,
  needs: ['processes'],
  after: ['pins'],
  async collect({ host, known }: CollectContext): Promise<Gathered<PodmanFact>> {
    const processes = known('processes');
    if (processes?.status === 'failed') return failed('unavailable', 'processes could not be read');
    const problems: Problem[] = [];
    const places = await collectPlaces(host, knownValue(processes) ?? [], problems);
    if (places.length === 0) return absent('podman has kept nothing on this node');
    const told = summarize(problems);
    return problems.length === 0 ? complete({ places }, told) : partial({ places }, told);
  },
};

interface Seen extends PodmanMonitor {
  uid: number;
}

async function collectPlaces(
  host: ReadHost,
  processes: readonly Process[],
  problems: Problem[],
): Promise<PodmanPlace[]> {
  const monitors = processes.filter(({ comm }) => comm === 'conmon').flatMap(({ pid }) => seen(host, pid));
  const { root } = await readStorage(host);
  const roots = new Map<string, Seen[]>(isThere(host, `${root}/libpod`) ? [[root, []]] : []);
  for (const one of monitors) roots.set(rootOf(one), [...(roots.get(rootOf(one)) ?? []), one]);
  const places = [...roots].map(([at, of]) => placeOf(host, at, of, problems));
  const users = userFolders(host).filter(({ tmpDir }) => places.every((place) => place.tmpDir !== tmpDir));
  const idle = users.map(({ uid, tmpDir }) => ({
    uid,
    tmpDir,
    ...stateOf(host, tmpDir, uid),
    containers: [],
  }));
  return [
    ...places,
    ...idle
      .filter(({ pause, aliveAt: at }) => pause !== null || at !== null)
      .map((place) => ({ ...place, conmons: 0, unwatched: unwatched(host, place.tmpDir, place.uid) })),
  ];
}

function placeOf(host: ReadHost, root: string, monitors: readonly Seen[], problems: Problem[]): PodmanPlace {
  const [first] = monitors;
  const uid = first?.uid ?? 0;
  const tmpDir = first?.tmpDir || (uid === 0 ? ROOTS_STATE : '');
  const listed = podmanContainers(host, root, problems) ?? [];
  const known = new Set(listed.map(({ id }) => id));
  const others = monitors.filter((one) => !known.has(one.containerId)).map(bare);
  return {
    uid,
    tmpDir,
    ...stateOf(host, tmpDir, uid),
    containers: [...listed, ...others],
    conmons: monitors.length,
    unwatched: uid === 0 ? [] : unwatched(host, tmpDir, uid),
  };
}

function stateOf(host: ReadHost, tmpDir: string, uid: number): Pick<PodmanPlace, 'aliveAt' | 'pause'> {
  if (tmpDir === '') return { aliveAt: null, pause: null };
  return { aliveAt: aliveAt(host, tmpDir), pause: uid === 0 ? null : pauseAt(host, tmpDir, uid) };
}

function bare({ containerId: id, name }: Seen): PodmanContainer {
  return { id, name, podId: null, isInfra: /^[0-9a-f]{12}-infra$/.test(name), netns: '' };
}

/** The bundle is `<root>/<driver>-containers/<id>/userdata`. */
function rootOf({ root, bundle }: PodmanMonitor): string {
  return root || bundle.split('/').slice(0, -3).join('/');
}

function seen(host: ReadHost, pid: number): Seen[] {
  try {
    const monitor = parsePodmanMonitor(parseCmdline(host.readKernel(`/proc/${pid}/cmdline`)));
    return monitor ? [{ ...monitor, uid: host.stat(`/proc/${pid}`).uid }] : [];
  } catch {
    // It ended while we looked.
    return [];
  }
}
