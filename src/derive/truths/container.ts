import { type NsType, nsLink } from '../../model/namespace.ts';
import { NO_WORD, says, type Truth, truth, UNSEEN } from '../../model/truths.ts';
import type { WhoseNamespace } from '../namespace-owners.ts';
import { differencesOf } from '../pod-tree.ts';
import { factOf, type PodContainer, type PodView, type Seen } from '../pod-view.ts';
import { isWhole, kubeletWord, processWord, wordOf } from './words.ts';

/** One row for a container among its pod's. */
export function containerTruth(
  seen: Seen,
  pod: PodView,
  container: PodContainer,
  whose: WhoseNamespace,
  about = container.name,
): Truth {
  const { state, init, listed, attempt } = container;
  const bundle = factOf(seen, 'bundles')?.find((b) => b.id === container.id);
  const nth = attempt > 0 ? ` (attempt ${attempt})` : '';
  return truth(
    about,
    {
      runtime: listed
        ? says(state + nth)
        : seen.containers?.status === 'complete'
          ? says('not listed')
          : UNSEEN,
      kernel: wordOf(seen, 'processes', () => (init ? processWord(init) : 'no process')),
      disk: wordOf(seen, 'bundles', () => (bundle ? 'bundle' : '')),
    },
    containerDiffers(seen, pod, container, whose),
  );
}

function containerDiffers(seen: Seen, pod: PodView, container: PodContainer, whose: WhoseNamespace): string {
  const { state, init, name } = container;
  if (!isWhole(seen, 'processes')) return '';
  const differing = differencesOf(seen, pod, container, whose).differs;
  if (differing.length > 0)
    return differing
      .map((d) => {
        const owner = d.whose === '' ? "nobody's that is known" : `that of ${d.whose}`;
        return `${name} is in another ${d.type} namespace than its sandbox: ${d.ns}, ${owner}`;
      })
      .join('; ');
  if (state === 'running' && !init) return `the runtime calls ${name} running, and no process of it runs`;
  if (state === 'exited' && init) return `the runtime says that ${name} has exited, and it runs`;
  if (state === 'unlisted' && init && isWhole(seen, 'containers'))
    return `${name} runs, and the runtime does not list it`;
  return '';
}

/** All about one container: state, image, cgroup, and its namespaces beside the sandbox's. */
export function containerTruths(
  seen: Seen,
  pod: PodView,
  container: PodContainer,
  whose: WhoseNamespace,
): Truth[] {
  const { init, listed } = container;
  const bundle = factOf(seen, 'bundles')?.find((b) => b.id === container.id);
  const { differs } = differencesOf(seen, pod, container, whose);
  const namespaces = (['net', 'ipc', 'uts', 'pid', 'mnt'] as NsType[]).flatMap((type) => {
    const id = init?.ns[type];
    if (!id) return [];
    const joined = bundle?.namespaces?.[type];
    const anchor = pod.anchors.get(type)?.id;
    const same = anchor === undefined ? '' : anchor === id ? ", the sandbox's" : '';
    const other = differs.find((d) => d.type === type);
    return truth(
      type,
      {
        kernel: says(nsLink(type, id) + same),
        disk: joined === undefined ? NO_WORD : says(joined === '' ? 'bundle: new' : `bundle: ${joined}`),
      },
      other && anchor ? `its sandbox is in ${nsLink(type, anchor)}` : '',
    );
  });
  return [
    { ...containerTruth(seen, pod, container, whose, 'container'), kubelet: kubeletWord(seen, pod) },
    truth('sandbox', {
      runtime: says(pod.state),
      kernel: pod.pause ? says(`pause ${pod.pause.pid}`) : NO_WORD,
    }),
    ...(listed?.image ? [truth('image', { runtime: says(listed.image) })] : []),
    ...(init ? [truth('cgroup', { kernel: says(init.cgroup) })] : []),
    ...namespaces,
  ];
}
