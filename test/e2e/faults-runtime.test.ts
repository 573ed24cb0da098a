import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import * as limits from '../rig/limits.ts';
import { runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import * as reboots from '../rig/reboots.ts';
import { withRig } from '../rig/rig.ts';
import * as stalls from '../rig/stalls.ts';
import * as starts from '../rig/starts.ts';
import { examine, runDoctor, seenIn } from './doctor.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';
import { keepScenario } from './recorded.ts';

const { available } = await runtimes();

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
  {
    name: 'CRI switched off',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    async make(containerd) {
      await starts.switchCriOff(containerd);
      return [found('runtime/unreachable', 'criDisabled', 'error', 'runtime', containerd.socket)];
    },
  },
  {
    name: 'a second containerd on the same root',
    lines: ['1.7'],
    recordedOn: ['1.6', '2.x'],
    async make(containerd) {
      const { pid } = await starts.startTwice(containerd);
      return [found('runtime/second-daemon', 'waits', 'warning', 'process', String(pid))];
    },
  },
  {
    name: 'a dead sandbox from the future',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      const { old } = await starts.madeInFuture(containerd, 300);
      return [found('sandbox/clock-jump', 'order', 'warning', 'sandbox', old.id)];
    },
  },
  {
    name: 'a container whose state file is lost',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      const id = pod.containers[0]?.id ?? '';
      await reboots.loseStatus(containerd, id, 'gone');
      return [found('sandbox/unknown-container', 'runs', 'error', 'container', id)];
    },
  },
  {
    name: 'a container whose state file is empty after a power cut',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      await reboots.reboot(containerd, [pod]);
      const id = pod.containers[0]?.id ?? '';
      await reboots.loseStatus(containerd, id, 'empty');
      return [found('sandbox/unknown-container', 'ended', 'warning', 'container', id)];
    },
  },
];

describeFaults(FAULTS);

describe.each(available.map((r) => r.line).filter((line) => line !== '1.7'))('containerd %s', (line) => {
  it('a frozen disk: names the thread that waits, and where', async () => {
    await withRig(line, {}, async (containerd) => {
      const thaw = await stalls.frozenDisk(containerd, { name: 'slow' });
      try {
        const { report } = await examine(containerd);
        const waits = found('runtime/dead-mount', 'waits', 'error', 'process', String(containerd.pid()));
        expect(seenIn(report)).toEqual([waits]);
        const { findings = [] } = report.checks.find((c) => c.id === 'runtime/dead-mount') ?? {};
        expect(findings[0]?.remedies[0]?.title).toContain('frozen');
      } finally {
        await thaw();
      }
    });
  });

  it('a clean reboot is information', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-e2e-'));
    try {
      await withRig(line, {}, async (containerd) => {
        const pods = [await makePod(containerd, { name: 'a' }), await makePod(containerd, { name: 'b' })];
        await reboots.reboot(containerd, pods);
        const file = path.join(folder, 'snapshot.json');
        await examine(containerd, ['--save-snapshot', file]);
        fs.writeFileSync(file, bootedSince(fs.readFileSync(file, 'utf8')));
        const { report } = await runDoctor(['--from-snapshot', file]);
        expect(seenIn(report)).toEqual([]);
        const information = seenIn(report, true).filter((f) => f.check === 'sandbox/before-boot');
        expect(information).toMatchObject([{ messageId: 'rebooted', severity: 'info', kind: 'node' }]);
        if (process.env.PODCTL_RECORD) keepScenario('a clean reboot', containerd, file, []);
      });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

/** The same node, had it booted after its sandboxes were made: this machine did not. */
function bootedSince(text: string): string {
  const snapshot = JSON.parse(text) as Snapshot;
  const { host, sandboxes } = snapshot.facts;
  if (host?.status !== 'complete' || sandboxes?.status !== 'complete') throw new Error('facts are missing');
  host.value.bootTime = Math.max(...sandboxes.value.map((s) => s.createdAt)) + 120_000;
  return JSON.stringify(snapshot);
}
