import type { Bundle, Container, Process, Sandbox } from '../model/facts.ts';
import { complete, type Gathered, type Outcome, partial } from '../model/outcome.ts';
import type { OwnSandbox } from '../model/own-facts.ts';
import { parseCmdline } from './argv.ts';
import { knownValue } from './known-value.ts';

/** What podctl's own sandboxes are called in a report, where a pod has its namespace. */
const NAMESPACE = 'podctl';

/**
 * Adds what podctl's own sandboxes have of a list to what the runtime gave. Where there is no runtime they are all
 * there is; where it does not answer, the list lacks the runtime's.
 */
export function withOwn<T>(
  gathered: Gathered<T[]>,
  own: Outcome<OwnSandbox[]> | undefined,
  membersOf: (sandbox: OwnSandbox) => T[],
): Gathered<T[]> {
  const mine = (knownValue(own) ?? []).flatMap(membersOf);
  if (mine.length === 0) return gathered;
  switch (gathered.status) {
    case 'absent':
      return complete(mine);
    case 'failed':
      return partial(mine, [gathered.problem]);
    default:
      return { ...gathered, value: [...gathered.value, ...mine] };
  }
}

/** A sandbox that has a record. One that cannot be read is taken at its word that it is there. */
export function ownListed(own: OwnSandbox): Sandbox[] {
  if (own.phase === 'unrecorded') return [];
  const lives = own.phase === 'unreadable' || (own.phase !== 'stopped' && own.pauseRuns);
  const { id, createdAt } = own;
  return [
    {
      ...metaOf(own),
      id,
      createdAt,
      state: lives ? 'ready' : 'notready',
      runtimeHandler: '',
      provider: 'podctl',
    },
  ];
}

export function ownContainers(own: OwnSandbox): Container[] {
  return own.containers.map(({ id, name, running, startedAt }) => ({
    id,
    sandboxId: own.id,
    name,
    attempt: 0,
    state: running ? 'running' : 'exited',
    createdAt: startedAt,
    image: '',
    imageRef: '',
  }));
}

/** Its folder, with the pins that its containers join. Where nothing is recorded, no pin is vouched for. */
export function ownBundles(own: OwnSandbox): Bundle[] {
  const { id, dir, pins, pause, phase } = own;
  const joined = Object.fromEntries(Object.entries(pins).filter(([, path]) => path !== ''));
  return [
    {
      id,
      namespace: NAMESPACE,
      dir,
      role: 'sandbox',
      sandboxId: id,
      meta: phase === 'unrecorded' ? null : metaOf(own),
      containerName: null,
      initPid: pause?.pid ?? null,
      namespaces: phase === 'unrecorded' ? null : joined,
    },
  ];
}

function metaOf({ name, id }: OwnSandbox) {
  return { name: name === '' ? id.slice(0, 13) : name, namespace: NAMESPACE, uid: '', attempt: 0 };
}

/**
 * podctl's processes are in no cgroup that names them: those that a record names get its id, and a pause that no
 * record names has the id of its sandbox among its words.
 */
export function nameOwn(
  processes: readonly Process[],
  own: readonly OwnSandbox[],
  cmdline: (pid: number) => string,
): void {
  if (own.length === 0) return;
  const ids = new Set(own.map((s) => s.id));
  const known = new Map(
    own.flatMap((s) => [
      ...(s.pause && s.sameBoot ? [[`${s.pause.pid} ${s.pause.startTicks}`, s.id] as const] : []),
      ...s.containers.flatMap((c) =>
        c.process && s.sameBoot ? [[`${c.process.pid} ${c.process.startTicks}`, c.id] as const] : [],
      ),
    ]),
  );
  for (const one of processes) {
    if (one.containerId !== null) continue;
    const word = one.comm === 'pause' ? (parseCmdline(cmdline(one.pid))[1] ?? '') : '';
    one.containerId = known.get(`${one.pid} ${one.startTicks}`) ?? (ids.has(word) ? word : null);
  }
}
