import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import * as kernel from '../rig/kernel-faults.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod, type Pod, pinOf, removePod } from '../rig/pods.ts';
import * as reboots from '../rig/reboots.ts';
import * as starts from '../rig/starts.ts';
import { found } from './fault-table.ts';
import { type FixCase, fixBeside } from './fix.ts';

const { available } = await runtimes();

const CASES: [string, Line, () => FixCase][] = [
  [
    'a container that runs, and whose state is lost, is ended and removed',
    '1.6',
    () => {
      let id = '';
      return {
        risk: 'destructive',
        async make(containerd) {
          id = (await makePod(containerd, { name: 'broken' })).containers[0]?.id ?? '';
          await reboots.loseStatus(containerd, id, 'gone');
          return found('sandbox/unknown-container', 'runs', 'error', 'container', id);
        },
        async clean(containerd) {
          expect(await containerd.ctr('containers', 'ls', '-q')).not.toContain(id);
        },
      };
    },
  ],
  [
    'a container that has ended, and whose state is lost, is removed',
    '2.x',
    () => {
      let id = '';
      return {
        risk: 'safe',
        async make(containerd) {
          const pod = await makePod(containerd, { name: 'broken' });
          await reboots.reboot(containerd, [pod]);
          id = pod.containers[0]?.id ?? '';
          await reboots.loseStatus(containerd, id, 'empty');
          return found('sandbox/unknown-container', 'ended', 'warning', 'container', id);
        },
        async clean(containerd) {
          expect(await containerd.ctr('containers', 'ls', '-q')).not.toContain(id);
        },
      };
    },
  ],
  [
    'a dead sandbox from the future goes, and the later attempt stays',
    '2.x',
    () => {
      let pods: { old: Pod; young: Pod } | undefined;
      return {
        risk: 'safe',
        async make(containerd) {
          pods = await starts.madeInFuture(containerd, 300);
          return found('sandbox/clock-jump', 'order', 'warning', 'sandbox', pods.old.id);
        },
        async clean(containerd) {
          const left = await containerd.ctr('containers', 'ls', '-q');
          expect(left).toContain(pods?.young.id);
          expect(left).not.toContain(pods?.old.id);
        },
      };
    },
  ],
  [
    'mounts over a pin go, and the pod can be taken down',
    '2.x',
    () => {
      let pod: Pod | undefined;
      let inode = 0;
      return {
        risk: 'disruptive',
        async make(containerd) {
          pod = await makePod(containerd, { name: 'broken' });
          inode = fs.statSync(pinOf(containerd, pod.id) ?? '').ino;
          await kernel.stackPin(containerd, pod);
          return found('netns/pin-stacked', 'stacked', 'warning', 'sandbox', pod.id);
        },
        async clean(containerd) {
          const { id = '' } = pod ?? {};
          const pin = pinOf(containerd, id) ?? '';
          expect(fs.statSync(pin).ino).toBe(inode);
          await removePod(containerd, id);
          expect(fs.existsSync(pin)).toBe(false);
        },
      };
    },
  ],
  [
    'a process in the cgroup of a pod that is gone is ended, and the cgroup goes',
    '1.7',
    () => {
      let cgroup = '';
      return {
        risk: 'destructive',
        async make(containerd) {
          cgroup = await kernel.leaveProcess(containerd);
          return found('cgroup/occupied', 'occupied', 'warning', 'cgroup', cgroup);
        },
        clean() {
          const left = fs
            .readdirSync('/sys/fs/cgroup')
            .filter((h) => fs.existsSync(path.join('/sys/fs/cgroup', h, cgroup)));
          expect(left).toEqual([]);
        },
      };
    },
  ],
];

const lines = available.map(({ line }) => line);
it.each(CASES.filter(([, line]) => lines.includes(line)))('%s (containerd %s)', (_, line, make) =>
  fixBeside(line, make()),
);
