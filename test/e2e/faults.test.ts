import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as faults from '../rig/faults.ts';
import * as leftovers from '../rig/leftovers.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { rigObstacle, withRig } from '../rig/rig.ts';
import { examine, seenIn } from './doctor.ts';
import { describeFaults } from './fault-run.ts';
import { FAULTS, found } from './fault-table.ts';
import { keepScenario } from './recorded.ts';

const { available, missing } = await runtimes();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-e2e-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

it('has a real containerd to look at', ({ skip }) => {
  for (const { version, reason } of missing) process.stderr.write(`no containerd ${version}: ${reason}\n`);
  // A machine without packages may go without; where every change is tested, that would hide a gap.
  if (available.length === 0 && !process.env.CI) skip(missing.map((m) => m.reason).join('; '));
  expect(rigObstacle()).toBeNull();
  expect(available.map((r) => r.line)).toEqual(expect.arrayContaining(['1.6', '2.x']));
});

describeFaults(FAULTS);

it.each(available.slice(0, 1))(
  'does not take another containerd for the one that is down or frozen',
  async (runtime) => {
    await withRig(runtime.line, {}, async () => {
      await withRig(runtime.line, {}, async (containerd) => {
        const thaw = await faults.freezeContainerd(containerd);
        const frozen = await examine(containerd, ['--timeout', '1s']);
        expect(seenIn(frozen.report)).toEqual([
          found('runtime/unresponsive', 'stopped', 'error', 'runtime', containerd.socket),
        ]);
        thaw();
        await containerd.halt();
        const down = await examine(containerd);
        expect(seenIn(down.report)).toEqual([
          found('runtime/unreachable', 'down', 'error', 'runtime', containerd.socket),
        ]);
      });
    });
  },
);

describe.each(available.map((r) => r.line).filter((line) => line !== '1.7'))(
  'containerd %s',
  (line: Line) => {
    it('frozen: says so in time, judges what /proc shows, and calls nothing an orphan', async () => {
      await withRig(line, {}, async (containerd) => {
        await makePod(containerd, { name: 'bystander' });
        const left = await faults.containerThatLeaves(containerd, { name: 'left' });
        await faults.orphanPause(containerd, await makePod(containerd, { name: 'orphan' }));
        await faults.strayPin(containerd);
        await faults.freezeContainerd(containerd);
        const snapshot = path.join(folder, 'snapshot.json');
        const limits = ['--min-age', '0s', '--timeout', '1s', '--deadline', '5s'];
        const run = await examine(containerd, [...limits, '--save-snapshot', snapshot]);
        const expected = [
          found('netns/mismatch', 'otherNetns', 'error', 'container', left.containers[0]?.id),
          found('runtime/unresponsive', 'stopped', 'error', 'runtime', containerd.socket),
        ];
        expect(seenIn(run.report)).toEqual(expected);
        const blind = run.report.checks.filter((check) => check.verdict === 'unknown');
        expect(blind.length).toBeGreaterThan(10);
        for (const { explainedBy } of blind)
          expect(explainedBy.map((cause) => cause.check)).toEqual(['runtime/unresponsive']);
        expect(run.report.complete).toBe(true);
        expect(run.report.durationMs).toBeLessThan(5000);
        expect(run.exitCode).toBe(1);
        if (process.env.PODCTL_RECORD) keepScenario('containerd frozen', containerd, snapshot, expected);
      });
    });

    it('what is left but holds nothing scarce is information', async () => {
      await withRig(line, {}, async (containerd) => {
        const bystander = await makePod(containerd, { name: 'bystander' });
        const cgroup = await leftovers.leaveCgroup(containerd);
        const pod = await makePod(containerd, { name: 'broken' });
        const cached = leftovers.cachedResult(containerd, pod);
        const loopback = cached.replace(`${containerd.cniNetwork}-`, 'cni-loopback-').replace(/eth0$/, 'lo');
        await faults.leakPin(containerd, pod);
        const { report } = await examine(containerd, ['--min-age', '0s']);
        // Other instances may leave such things at the same time.
        const isOwn = ({ id }: { id: string }) => id.includes(pod.id) || id.startsWith(containerd.cgroupRoot);
        const information = seenIn(report, true).filter((f) => f.severity === 'info' && isOwn(f));
        const pods = `${containerd.cgroupRoot}/kubepods/besteffort/pod`;
        const orphaned = (file: string) => found('cni/cache-orphaned', 'orphaned', 'info', 'file', file);
        const uncollected = [`${pods}${pod.uid}`, cgroup].sort();
        expect(information).toEqual([
          ...uncollected.map((id) => found('cgroup/leaked', 'uncollected', 'info', 'cgroup', id)),
          orphaned(loopback),
          orphaned(cached),
        ]);
        expect(information.map((f) => f.id)).not.toContain(`${pods}${bystander.uid}`);
      });
    });

    it('a pinless version or a label that comes back is no warning', async () => {
      await withRig(line, {}, async (containerd) => {
        await faults.unpinSandboxImage(containerd);
        const { report } = await examine(containerd);
        expect(seenIn(report)).toEqual([]);
        const image = containerd.settings.sandboxImage ?? '';
        const information = found('image/sandbox-image-unpinned', 'cannotPin', 'info', 'image', image);
        const images = seenIn(report, true).filter((f) => f.kind === 'image');
        expect(images).toEqual(line === '1.6' ? [information] : []);
      });
    });
  },
);
