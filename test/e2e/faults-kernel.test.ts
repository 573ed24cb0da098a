import * as faults from '../rig/kernel-faults.ts';
import { initPid, makePod } from '../rig/pods.ts';
import { commandLine, until } from '../rig/process.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

/** Namespaces, mounts and cgroups that are not as the runtime left them. */
const FAULTS: Fault[] = [
  {
    name: 'a privileged container that left the IPC and UTS namespaces',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      const command = ['unshare', '-i', '-u', 'sleep', '86400'];
      const containers = [{ name: 'left', privileged: true, command }];
      const pod = await makePod(containerd, { name: 'broken', containers });
      const init = initPid(containerd, pod.containers[0]?.id ?? '');
      await until('it to have left', () => commandLine(init)[0] === 'sleep');
      return [found('netns/mismatch', 'otherNamespace', 'error', 'container', pod.containers[0]?.id)];
    },
  },
  {
    name: 'a second mount on a network pin',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      await faults.stackPin(containerd, pod);
      return [found('netns/pin-stacked', 'stacked', 'warning', 'sandbox', pod.id)];
    },
  },
  {
    name: 'the folder of pins mounted on itself without propagation',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    mounts: 'private',
    async make(containerd) {
      const folder = await faults.coverPins(containerd);
      await makePod(containerd, { name: 'later' });
      return [found('netns/pin-stacked', 'covered', 'error', 'file', folder)];
    },
  },
  {
    name: 'zombies under a pause that does not reap',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      await faults.configureCarelessPause(containerd);
      const pod = await faults.podOfOrphans(containerd, 'broken');
      return [found('sandbox/zombies', 'piling', 'warning', 'sandbox', pod.id)];
    },
  },
  {
    name: 'a process in the cgroup of a pod that is gone',
    lines: ['1.7'],
    recordedOn: ['1.6', '2.x'],
    needsAge: true,
    async make(containerd) {
      const cgroup = await faults.leaveProcess(containerd);
      return [found('cgroup/occupied', 'occupied', 'warning', 'cgroup', cgroup)];
    },
  },
  {
    name: 'a pause killed for want of memory',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    async make(containerd) {
      const pod = await faults.starvePause(containerd, 'broken');
      return [
        found('sandbox/anchor-lost', 'pauseDead', 'error', 'sandbox', pod.id),
        found('sandbox/pause-out-of-memory', 'podLimit', 'warning', 'sandbox', pod.id),
      ];
    },
  },
];

describeFaults(FAULTS);
