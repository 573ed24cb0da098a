import type { Process } from '../../model/facts.ts';
import { NS_TYPES, nsLink } from '../../model/namespace.ts';
import { NO_WORD, says, type Truth, truth } from '../../model/truths.ts';
import type { WhoseNamespace } from '../namespace-owners.ts';
import { factOf, type PodContainer, type PodView, type Seen } from '../pod-view.ts';
import { ageOf } from '../process.ts';
import { processWord, wordOf } from './words.ts';

const MINUTE = 60_000;

/** All about one process: whose it is, and each of its namespaces. */
export function processTruths(
  seen: Seen,
  pod: PodView | null,
  container: PodContainer | null,
  process: Process,
  whose: WhoseNamespace,
): Truth[] {
  const host = factOf(seen, 'host');
  const age = host ? `, ${Math.floor(ageOf(host, process) / MINUTE)} min old` : '';
  const pins = factOf(seen, 'pins')?.pins ?? [];
  const role = container
    ? `container ${container.name}, ${container.state}`
    : pod
      ? `of sandbox ${pod.id}`
      : 'of no pod';
  return [
    truth('process', {
      runtime: wordOf(seen, 'sandboxes', () => role),
      kernel: says(`${processWord(process)}${age}`),
    }),
    truth('parent', { kernel: says(parentOf(seen, process)) }),
    truth('cgroup', { kernel: says(process.cgroup) }),
    ...NS_TYPES.flatMap((type) => {
      const id = process.ns[type];
      if (id === null) return [];
      const owner = whose(type, id);
      const pin = pins.find((p) => p.ns === id);
      const anchor = pod?.anchors.get(type)?.id;
      const shared = type === 'net' || type === 'ipc' || type === 'uts';
      return truth(
        type,
        {
          kernel: says(
            nsLink(type, id) + (owner === '' ? '' : `, ${owner === pod?.title ? "its pod's" : owner}`),
          ),
          disk: pin ? says(pin.path) : NO_WORD,
        },
        shared && anchor !== undefined && anchor !== id ? `its pod is in ${nsLink(type, anchor)}` : '',
      );
    }),
  ];
}

function parentOf(seen: Seen, { ppid }: Process): string {
  const parent = factOf(seen, 'processes')?.find((p) => p.pid === ppid);
  return parent ? processWord(parent) : `pid ${ppid}`;
}
