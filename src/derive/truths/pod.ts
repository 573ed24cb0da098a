import { nsLink } from '../../model/namespace.ts';
import { NO_WORD, says, type Truth, truth, UNSEEN } from '../../model/truths.ts';
import { factOf, type PodView, type Seen } from '../pod-view.ts';
import { isOwn } from '../sandbox-view.ts';
import { addressTruth, hostEndTruth, netnsTruth } from './network.ts';
import { isWhole, kubeletWord, NOT_KNOWN, processWord, wordOf } from './words.ts';

/** What the four say about a pod as a whole; its containers have rows of their own. */
export function podTruths(seen: Seen, pod: PodView): Truth[] {
  return [
    stateTruth(seen, pod),
    pauseTruth(seen, pod),
    bundleTruth(seen, pod),
    ...(pod.hostNetwork ? [] : [netnsTruth(seen, pod), addressTruth(seen, pod), hostEndTruth(seen, pod)]),
    ...sharedTruths(seen, pod),
    ...cgroupTruths(seen, pod),
  ];
}

function stateTruth(seen: Seen, pod: PodView): Truth {
  const { meta, state, pause, members } = pod;
  const kubelet = kubeletWord(seen, pod);
  const running = members.length;
  const apps = `${running} container${running === 1 ? '' : 's'} run${running === 1 ? 's' : ''}`;
  const alive = pause !== null || running > 0;
  const folder = wordOf(seen, 'podOwners', ({ folders }) =>
    (folders ?? []).some((f) => f.uid === meta?.uid) ? "kubelet's folder" : "no folder of kubelet's",
  );
  const foldersSeen = factOf(seen, 'podOwners')?.folders !== null;
  const own = isOwn(pod);
  const record = factOf(seen, 'ownSandboxes')?.find((o) => o.id === pod.id);
  return truth(
    'pod',
    {
      kubelet,
      runtime: own
        ? NO_WORD
        : state === 'unknown'
          ? UNSEEN
          : says(state === 'unlisted' ? 'not listed' : state),
      kernel: wordOf(seen, 'processes', () =>
        alive ? `${pause ? 'pause runs' : 'no pause'}, ${apps}` : 'nothing runs',
      ),
      disk: own
        ? says(`record: ${record?.phase ?? 'none'}`)
        : kubelet === NO_WORD
          ? NO_WORD
          : foldersSeen
            ? folder
            : UNSEEN,
    },
    stateDiffers(seen, pod, kubelet.said, alive, apps),
  );
}

function stateDiffers(seen: Seen, pod: PodView, phase: string, alive: boolean, apps: string): string {
  const { state, pause, members } = pod;
  if (state === 'ready' && phase === NOT_KNOWN) return 'the runtime runs it, and kubelet does not know it';
  if (!isWhole(seen, 'processes')) return '';
  if (state === 'ready' && !alive && !dropsPause(seen))
    return 'the runtime calls it ready, and no process of it runs';
  if (state === 'notready' && members.length > 0) return `the runtime calls it notready, and ${apps}`;
  if (state === 'notready' && pause) return 'the runtime calls it notready, and its pause runs';
  if (state === 'unlisted' && alive) return 'it runs, and the runtime does not list it';
  return '';
}

/** CRI-O runs sandboxes without a pause. */
export function dropsPause(seen: Seen): boolean {
  return factOf(seen, 'runtimeConfig')?.dropsInfra ?? factOf(seen, 'runtime')?.name === 'cri-o';
}

function pauseTruth(seen: Seen, { id, pause, bundle, state }: PodView): Truth {
  const task = factOf(seen, 'tasks')?.find((t) => t.id === id);
  const noted = bundle?.initPid ?? null;
  const whole = isWhole(seen, 'processes');
  const differs =
    pause && noted !== null && noted !== pause.pid
      ? `the bundle names ${noted} as its pause, and ${pause.pid} is it`
      : pause && task && task.pid !== 0 && task.pid !== pause.pid
        ? `the runtime calls ${task.pid} its task, and ${pause.pid} is its pause`
        : whole && !pause && state === 'ready' && !dropsPause(seen)
          ? 'there is no pause: nothing reaps, and nothing new can join'
          : '';
  return truth(
    'pause',
    {
      runtime: task ? says(`task ${task.pid}, ${task.status}`) : NO_WORD,
      kernel: wordOf(seen, 'processes', () => (pause ? processWord(pause) : 'none')),
      disk: noted === null ? NO_WORD : says(`init.pid ${noted}`),
    },
    differs,
  );
}

function bundleTruth(seen: Seen, pod: PodView): Truth {
  const { record, shim, bundle, listed } = pod;
  const stored = seen.store?.status === 'absent' || isOwn(pod) ? NO_WORD : undefined;
  const lacks = listed !== null && record === null && stored === undefined && isWhole(seen, 'store');
  return truth(
    'sandbox',
    {
      runtime: stored ?? wordOf(seen, 'store', () => (record ? 'record' : 'no record')),
      kernel: wordOf(seen, 'processes', () => (shim ? `shim ${shim.pid}` : '')),
      disk: wordOf(seen, 'bundles', () => (bundle ? 'bundle' : 'no bundle')),
    },
    lacks
      ? "the runtime's list has it, and its store does not"
      : shim && !record && !listed && isWhole(seen, 'sandboxes')
        ? 'its shim runs, and nobody has a record of it'
        : '',
  );
}

/** IPC and UTS namespaces: the kernel alone knows them, the runtime what was asked for. */
function sharedTruths(seen: Seen, { anchors, record, bundle }: PodView): Truth[] {
  return (['ipc', 'uts', 'pid'] as const).map((type) => {
    const id = anchors.get(type)?.id;
    const mode = type === 'uts' ? undefined : record?.modes?.[type];
    const joined = bundle?.namespaces?.[type];
    return truth(type, {
      runtime: mode === undefined ? NO_WORD : says(`mode ${mode}`),
      kernel: wordOf(seen, 'processes', () => (id ? nsLink(type, id) : '')),
      disk: bundle?.namespaces
        ? says(
            joined === undefined ? "bundle: the node's" : joined === '' ? 'bundle: new' : `bundle: ${joined}`,
          )
        : NO_WORD,
    });
  });
}

function cgroupTruths(seen: Seen, { meta, pause, members }: PodView): Truth[] {
  const found = factOf(seen, 'cgroups')?.filter((c) => c.uid === meta?.uid && c.uid !== '') ?? [];
  return found.map(({ path, populated }) => {
    const state = populated === null ? '' : populated ? ', populated' : ', empty';
    const differs =
      populated === false && (pause !== null || members.length > 0)
        ? 'its cgroup is empty, and its processes run elsewhere'
        : '';
    return truth('cgroup', { kernel: says(path + state) }, differs);
  });
}
