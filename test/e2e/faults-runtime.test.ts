import * as limits from '../rig/limits.ts';
import { makePod } from '../rig/pods.ts';
import * as stalls from '../rig/stalls.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

const FAULTS: Fault[] = [
  {
    name: 'no space for addresses',
    lines: ['1.7'],
    recordedOn: ['1.6', '2.x'],
    async make(containerd) {
      return [
        found(
          'runtime/exhausted',
          'diskFull',
          'error',
          'runtime',
          await limits.fillIpam(containerd, 'bytes'),
        ),
      ];
    },
  },
  {
    name: 'no inodes for images and records',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      return [
        found(
          'runtime/exhausted',
          'inodesFull',
          'error',
          'runtime',
          await limits.fillRoot(containerd, 'inodes'),
        ),
      ];
    },
  },
  {
    name: 'a daemon that can open no more files',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    async make(containerd) {
      const pid = await limits.limitOpenFiles(containerd);
      return [found('runtime/exhausted', 'openFiles', 'error', 'runtime', `/proc/${pid}/limits`)];
    },
  },
  {
    name: 'a cgroup of the runtime without room for a shim',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    async make(containerd) {
      const at = `${limits.limitRuntime(containerd)}/pids.current`;
      return [found('runtime/exhausted', 'pids', 'error', 'runtime', at)];
    },
  },
  {
    name: 'a cgroup of all pods without room for one more',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      const at = `${limits.limitPods(containerd)}/pids.current`;
      return [found('runtime/exhausted', 'pids', 'error', 'runtime', at)];
    },
  },
  {
    name: 'a shim stopped by a signal',
    lines: ['1.6', '2.x'],
    recordedOn: ['1.7'],
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      await stalls.stopShim(containerd, pod);
      return [found('sandbox/stopped-shim', 'stopped', 'error', 'shim', pod.id)];
    },
  },
  {
    name: 'a volume that does not answer',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      const volume = await stalls.hungVolume(containerd, pod);
      return [found('runtime/dead-mount', 'deadMount', 'error', 'file', volume)];
    },
  },
];

describeFaults(FAULTS);
