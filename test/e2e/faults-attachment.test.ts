import { expect } from 'vitest';
import { damagedPods, onNode, usePlugin } from '../rig/attachment-faults.ts';
import { failedPod } from '../rig/cni-faults.ts';
import type { Containerd } from '../rig/containerd.ts';
import { blockReservations } from '../rig/network-faults.ts';
import { makePod } from '../rig/pods.ts';
import { abandonStarts } from '../rig/starts.ts';
import type { Seen } from './doctor.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

/** Breaks a pod in every way that its plugin knows; gives what is to be said. */
async function damage(containerd: Containerd, without: string[] = []): Promise<Seen[]> {
  const damaged = await damagedPods(containerd, without);
  return damaged
    .toSorted((a, b) => (a.pod.id < b.pod.id ? -1 : 1))
    .map(({ fault, pod }) => {
      const severity = fault === 'routeLost' ? 'warning' : 'error';
      return found('cni/attachment-lost', fault, severity, 'sandbox', pod.id);
    });
}

const TABLE: Fault[] = [
  {
    name: 'pods that lost their network',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    needsAge: true,
    make: (containerd) => damage(containerd),
  },
  {
    name: 'pods of the plugin ptp that lost their network',
    lines: ['1.6'],
    recordedOn: ['2.x'],
    needsAge: true,
    async make(containerd) {
      await usePlugin(containerd, { type: 'ptp' });
      await makePod(containerd, { name: 'healthy' });
      return damage(containerd, ['unbridged']);
    },
  },
  {
    name: 'a bridge that was brought down',
    lines: [],
    recordedOn: ['2.x'],
    needsAge: true,
    async make(containerd) {
      await onNode(containerd, 'link', 'set', containerd.bridge, 'down');
      return [found('cni/bridge-lost', 'down', 'error', 'link', containerd.bridge)];
    },
  },
  {
    name: 'a file in place of the folder of reservations',
    lines: ['2.x'],
    recordedOn: ['1.6'],
    async make(containerd) {
      const file = blockReservations(containerd, 'file');
      expect(await failedPod(containerd, 'refused')).toContain('not a directory');
      return [found('cni/reservations-blocked', 'file', 'error', 'file', file)];
    },
  },
  {
    name: 'a link to nowhere in place of the folder of reservations',
    lines: [],
    recordedOn: ['2.x'],
    async make(containerd) {
      const file = blockReservations(containerd, 'link');
      expect(await failedPod(containerd, 'refused')).toContain('file exists');
      return [found('cni/reservations-blocked', 'link', 'error', 'file', file)];
    },
  },
  {
    name: 'a start that its client gave up',
    lines: ['2.x'],
    needsAge: true,
    async make(containerd) {
      const { containers } = await abandonStarts(containerd, ['app', 'gone']);
      const gone = containers.find(({ name }) => name === 'gone')?.id ?? '';
      await containerd.session.call('RemoveContainer', (c, o) =>
        c.runtime.removeContainer({ containerId: gone }, o),
      );
      return containers
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id }) =>
          found('sandbox/abandoned-start', id === gone ? 'unlisted' : 'exited', 'warning', 'container', id),
        );
    },
  },
];

describeFaults(TABLE);
