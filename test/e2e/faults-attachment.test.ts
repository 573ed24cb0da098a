import { damagedPods } from '../rig/attachment-faults.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

const TABLE: Fault[] = [
  {
    name: 'pods that lost their network',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    needsAge: true,
    async make(containerd) {
      const damaged = await damagedPods(containerd);
      return damaged
        .map(({ fault, pod }) => {
          const severity = fault === 'routeLost' ? 'warning' : 'error';
          return found('cni/attachment-lost', fault, severity, 'sandbox', pod.id);
        })
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },
  },
];

describeFaults(TABLE);
