import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import * as faults from '../rig/kernel-faults.ts';
import { runtimes } from '../rig/packages.ts';
import { withPodman } from '../rig/podman.ts';
import { initPid, makePod, pinOf, removePod, stopPod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { sh } from '../rig/sh.ts';
import { removeCgroup } from '../rig/teardown.ts';
import { folderForFile, runPodctl } from '../support/cli.ts';
import { examine, podctl, seenIn } from './doctor.ts';

/** Pins are not judged before they are a minute old. */
const ALL = ['--min-age', '0s'];
const { available } = await runtimes();
const [eldest] = available;
// 1.7 behaves as 1.6 in all of this.
const LINES = available.map((r) => r.line).filter((line) => line !== '1.7' || process.env.PODCTL_RECORD);
const dir = folderForFile();

/** Nothing to act on, nothing that could not be judged, and what is said about it as information. */
function expectHarmless(report: Report, pods: (string | null)[], ...information: string[]): void {
  // Without an age, pins that other instances make at the same time look left behind; those of `pods` never may.
  const isOthers = ({ check, id }: { check: string; id: string }) =>
    check === 'netns/leaked' && !pods.includes(id);
  expect(seenIn(report).filter((finding) => !isOthers(finding))).toEqual([]);
  expect(report.checks.filter((c) => c.verdict === 'unknown').map((c) => [c.id, c.reason])).toEqual([]);
  const said = seenIn(report, true).map(({ check, messageId }) => `${check} ${messageId}`);
  expect(said).toEqual(expect.arrayContaining(information));
}

it.each(LINES)('containerd %s in a mount namespace of its own, beside another one', async (line) => {
  await withRig(eldest?.line ?? '1.6', {}, async () => {
    await withRig(line, { mounts: 'shared' }, async (containerd) => {
      const before = await makePod(containerd, { name: 'before' });
      const pins = [pinOf(containerd, before.id)];
      expectHarmless((await examine(containerd, ALL)).report, pins, 'netns/hidden ownMounts');

      // As podman does. Where mounts propagate, both copies of a pin go together.
      await faults.coverPins(containerd);
      const after = await makePod(containerd, { name: 'after' });
      const { report } = await examine(containerd, ALL);
      pins.push(pinOf(containerd, after.id));
      expectHarmless(report, pins, 'netns/hidden ownMounts', 'netns/pin-stacked selfBound');
      for (const { id } of [before, after]) await removePod(containerd, id);
    });
  });
});

it('a folder of pins on itself without propagation: what the doctor advises lets every pod go', async () => {
  await withRig('2.x', { mounts: 'private' }, async (containerd) => {
    const before = await makePod(containerd, { name: 'before' });
    await faults.coverPins(containerd);
    const after = await makePod(containerd, { name: 'after' });
    const { report } = await examine(containerd);
    const [finding] = report.checks.flatMap((check) =>
      check.findings.filter((f) => f.messageId === 'covered'),
    );
    for (const command of finding?.remedies[0]?.commands ?? []) {
      const [file = '', ...args] = command.split(' ');
      await sh(file, args);
    }
    expectHarmless((await examine(containerd)).report, []);
    const pinned = await faults.among(
      containerd,
      'grep',
      '-c',
      pinOf(containerd, after.id) ?? '',
      '/proc/self/mounts',
    );
    expect(pinned.trim()).toBe('1');
    for (const { id } of [before, after]) await removePod(containerd, id);
  });
});

it('mounts stacked on a pin: what the doctor advises lets the pod go at once', async () => {
  await withRig('1.6', {}, async (containerd) => {
    const pod = await makePod(containerd, { name: 'web' });
    await faults.stackPin(containerd, pod);
    await faults.stackPin(containerd, pod);
    await expect(stopPod(containerd, (await stackedPod(containerd)).id)).rejects.toThrow(/resource busy/);
    const { report } = await examine(containerd);
    const commands = report.checks
      .flatMap((check) => check.findings.filter((f) => f.subject.id === pod.id))
      .flatMap((f) => f.remedies[0]?.commands ?? []);
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      const [file = '', ...args] = command.split(' ');
      await sh(file, args);
    }
    await removePod(containerd, pod.id);
  });
});

async function stackedPod(containerd: Parameters<typeof faults.stackPin>[0]) {
  const pod = await makePod(containerd, { name: 'stacked' });
  await faults.stackPin(containerd, pod);
  return pod;
}

it.each(LINES)('containerd %s that pins in another folder than for older pods', async (line) => {
  await withRig(line, {}, async (containerd) => {
    const before = await makePod(containerd, { name: 'before' });
    await faults.switchPinFolder(containerd);
    const after = await makePod(containerd, { name: 'after' });
    expect(path.dirname(pinOf(containerd, after.id) ?? '')).not.toBe('/run/netns');
    const pins = [before, after].map(({ id }) => pinOf(containerd, id));
    expectHarmless((await examine(containerd, ALL)).report, pins, 'netns/folder-switched switched');
    for (const { id } of [before, after]) await removePod(containerd, id);
  });
});

it('a pause that does not reap, before anything is dead', async () => {
  await withRig('2.x', {}, async (containerd) => {
    await faults.configureCarelessPause(containerd);
    const pod = await makePod(containerd, { name: 'web', sharePid: true });
    const { report } = await examine(containerd);
    expectHarmless(report, [], 'sandbox/zombies cannotReap');
    expect(fs.readFileSync(`/proc/${initPid(containerd, pod.id)}/status`, 'utf8')).toMatch(
      /^SigCgt:\s+0000000000004002$/m,
    );
  });
});

it.each(LINES)('containerd %s says which cgroup driver it has', async (line) => {
  await withRig(line, {}, async (containerd) => {
    const driver = async () => {
      const snapshot = path.join(containerd.dir, 'snapshot.json');
      await examine(containerd, ['--save-snapshot', snapshot]);
      return JSON.parse(fs.readFileSync(snapshot, 'utf8')).facts.runtime.value.cgroupDriver as string;
    };
    expect(await driver()).toBe('cgroupfs');
    // A kubelet with the systemd driver names a slice: a folder at the top, colons and all.
    const slice = `${containerd.cgroupRoot}/kubepods-pod00000000_0000_4000_8000_000000000001.slice`;
    await makePod(containerd, { name: 'slice', cgroupParent: slice });
    expectHarmless((await examine(containerd)).report, []);

    await containerd.restart({ tail: '  SystemdCgroup = true\n' });
    expect(await driver()).toBe('systemd');
    await expect(makePod(containerd, { name: 'web' })).rejects.toThrow(/expected cgroupsPath/);
  });
});

it("pods of podman are podman's", async () => {
  const cgroup = `/podctl-podman-${process.pid}`;
  const tag = 'localhost/podctl/pause:harmless';
  const archive = path.join(dir, 'pause.tar');
  expect(await runPodctl(['pause', 'image', '-o', archive, '--tag', tag])).toMatchObject({ code: 0 });
  await withRig('2.x', {}, async (containerd) => {
    await makePod(containerd, { name: 'web' });
    const script = `
podman load --signature-policy $POLICY -i ${archive} >&2
podman pod create --name p1 --network none --cgroup-parent $PARENT --infra-image ${tag} >&2
podman pod start p1 >&2
env -u LD_LIBRARY_PATH ${process.execPath} ${podctl()} doctor -o json -r ${containerd.socket} || true
podman pod rm -f p1 >&2`;
    try {
      const told = await withPodman(dir, containerd.runtime.bin.runc, cgroup, script);
      const report = JSON.parse(told) as Report;
      expectHarmless(report, [], 'sandbox/foreign-pause foreign');
      const [said] = report.checks.find(({ id }) => id === 'sandbox/foreign-pause')?.findings ?? [];
      expect(said?.message).toContain('podman');
    } finally {
      for (const name of fs.readdirSync('/sys/fs/cgroup')) {
        const folder = path.join('/sys/fs/cgroup', name, cgroup);
        if (fs.existsSync(folder)) await removeCgroup(folder);
      }
    }
  });
});
