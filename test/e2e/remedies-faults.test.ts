import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import * as cni from '../rig/cni-faults.ts';
import * as kernel from '../rig/kernel-faults.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod, type Pod, pinOf, removePod } from '../rig/pods.ts';
import * as reboots from '../rig/reboots.ts';
import * as sandboxes from '../rig/sandbox-faults.ts';
import * as starts from '../rig/starts.ts';
import { found } from './fault-table.ts';
import { type FixCase, fixBeside } from './fix.ts';
import { cached, reservations } from './orphan-kit.ts';

const { available } = await runtimes();

function stackedPin(options: NonNullable<FixCase['options']>): FixCase {
  let pod: Pod | undefined;
  let inode = 0;
  let pin = '';
  return {
    options,
    risk: 'disruptive',
    async make(containerd) {
      pod = await makePod(containerd, { name: 'broken' });
      pin = `/proc/${containerd.pid()}/root${pinOf(containerd, pod.id)}`;
      inode = fs.statSync(pin).ino;
      await kernel.stackPin(containerd, pod);
      return found('netns/pin-stacked', 'stacked', 'warning', 'sandbox', pod.id);
    },
    async clean(containerd) {
      expect(fs.statSync(pin).ino).toBe(inode);
      await removePod(containerd, pod?.id ?? '');
      expect(fs.existsSync(pin)).toBe(false);
    },
  };
}

const CASES: [string, Line, () => FixCase][] = [
  [
    'a container that runs, and whose state is lost, is ended and removed',
    '1.6',
    () => {
      let id = '';
      return {
        risk: 'destructive',
        async make(containerd) {
          const containers = [
            { name: 'app', command: ['sh', '-c', "trap 'exit 0' TERM; while :; do sleep 1; done"] },
          ];
          id = (await makePod(containerd, { name: 'broken', containers })).containers[0]?.id ?? '';
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
  ['mounts over a pin go, and the pod can be taken down', '2.x', () => stackedPin({})],
  [
    "mounts over a pin go in the runtime's own mount namespace",
    '1.6',
    () => stackedPin({ mounts: 'private' }),
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
  [
    'the note of a delegating plugin goes, and with it a sandbox that could not be stopped',
    '2.x',
    () => {
      let pod: Pod | undefined;
      return {
        risk: 'safe',
        early: true,
        async make(containerd) {
          const { notes } = await cni.flannel(containerd);
          pod = await makePod(containerd, { name: 'broken' });
          const note = path.join(notes, pod.id);
          fs.truncateSync(note);
          expect(await cni.failedStop(containerd, pod)).toContain('unexpected end of JSON input');
          return found('cni/delegate-state-damaged', 'blocks', 'error', 'file', note);
        },
        async clean(containerd) {
          const { id = '' } = pod ?? {};
          expect(reservations(containerd, id)).toEqual([]);
          expect(cached(id)).toEqual([]);
          expect(await containerd.ctr('containers', 'ls', '-q')).not.toContain(id);
        },
      };
    },
  ],
  [
    'a broken network configuration is put aside, and the next one is taken',
    '2.x',
    () => {
      let file = '';
      return {
        risk: 'disruptive',
        early: true,
        async make(containerd) {
          file = await cni.writeConf(containerd, '05-broken.conf', '{"name": "x",\n "type": ');
          await cni.networkIs(containerd, false);
          return found('cni/configuration-broken', 'first', 'error', 'file', file);
        },
        async clean(containerd) {
          expect(fs.existsSync(file)).toBe(false);
          await cni.networkIs(containerd, true);
        },
      };
    },
  ],
  [
    'what a removed network left is put aside, and the one whose agent runs is taken',
    '2.x',
    () => {
      let file = '';
      return {
        risk: 'disruptive',
        early: true,
        async make(containerd) {
          file = await cni.leaveCilium(containerd);
          return found('cni/wrong-configuration', 'agentGone', 'warning', 'file', file);
        },
        async clean(containerd) {
          expect(fs.existsSync(file)).toBe(false);
          await cni.networkIs(containerd, true);
        },
      };
    },
  ],
  [
    'what waits to begin after a broken-off start is ended, with what runc keeps of it',
    '2.x',
    () => {
      let pod: Pod | undefined;
      return {
        risk: 'safe',
        async make(containerd) {
          pod = await starts.abandonStarts(containerd, ['app']);
          return found('sandbox/abandoned-start', 'exited', 'warning', 'container', pod.containers[0]?.id);
        },
        async clean(containerd) {
          const { id = '' } = pod?.containers[0] ?? {};
          expect(fs.existsSync(`/run/containerd/runc/k8s.io/${id}`)).toBe(false);
          await removePod(containerd, pod?.id ?? '');
        },
      };
    },
  ],
  [
    'a dead sandbox that nobody stopped gives its network back',
    '1.6',
    () => {
      let pod: Pod | undefined;
      return {
        risk: 'safe',
        async make(containerd) {
          await cni.ownPlugins(containerd);
          pod = await makePod(containerd, { name: 'broken' });
          expect(await sandboxes.stopWithoutPlugin(containerd, pod)).toContain('bridge');
          fs.copyFileSync(
            path.join(containerd.runtime.cniBin, 'bridge'),
            path.join(cni.binOf(containerd), 'bridge'),
          );
          return found('sandbox/network-kept', 'unstopped', 'info', 'sandbox', pod.id);
        },
        clean(containerd) {
          expect(reservations(containerd, pod?.id ?? '')).toEqual([]);
        },
      };
    },
  ],
];

const lines = available.map(({ line }) => line);
it.each(CASES.filter(([, line]) => lines.includes(line)))('%s (containerd %s)', (_, line, make) =>
  fixBeside(line, make()),
);
