import fs from 'node:fs';
import { expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import * as leftovers from '../rig/leftovers.ts';
import { makePod, removePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { endOf, spawnScript } from '../rig/script.ts';
import { folderForFile } from '../support/cli.ts';
import { type Sample, startWatch, type Watching } from './watch-kit.ts';

const OWN = 'registry.k8s.io/pause:3.9';
const OTHER = 'registry.k8s.io/pause:3.7';
const LOOKS = 500;
/** On a machine that has much else to do. */
const TIMEOUT_MS = 600_000;
const WARM_UP = 50;
const RESTARTS = 3;
const folder = folderForFile();

/** A fault with its end. `plant` gives what must be told, and how it goes. */
interface Plant {
  check: string;
  plant(containerd: Containerd): Promise<{ id: string; mend: () => Promise<unknown> }>;
}

const PLANTS: Plant[] = [
  {
    check: 'sandbox/anchor-lost',
    async plant(containerd) {
      const pod = await makePod(containerd, { name: 'broken', containers: [{ name: 'a' }] });
      await faults.killPause(containerd, pod);
      return { id: pod.id, mend: () => removePod(containerd, pod.id) };
    },
  },
  {
    check: 'image/sandbox-image-missing',
    async plant(containerd) {
      // Not in force yet: pods go on being made.
      containerd.configure({ sandboxImage: OTHER });
      return { id: OTHER, mend: async () => containerd.configure({ sandboxImage: OWN }) };
    },
  },
  {
    check: 'cni/leaked-reservation',
    async plant(containerd) {
      const file = leftovers.leakReservation(containerd);
      return { id: file, mend: async () => fs.rmSync(file) };
    },
  },
  {
    check: 'netns/mismatch',
    async plant(containerd) {
      const pod = await faults.containerThatLeaves(containerd, { name: 'leaver' });
      return { id: pod.containers[0]?.id ?? '', mend: () => removePod(containerd, pod.id) };
    },
  },
  {
    check: 'sandbox/duplicate-name',
    async plant(containerd) {
      const pod = await makePod(containerd, { name: 'twin' });
      const copy = await leftovers.doubleRecord(containerd, pod);
      return { id: copy, mend: () => containerd.ctr('containers', 'rm', copy) };
    },
  },
  {
    check: 'config/unreadable',
    async plant(containerd) {
      const text = fs.readFileSync(containerd.configFile, 'utf8');
      fs.writeFileSync(containerd.configFile, text.slice(0, text.length / 2));
      return { id: containerd.configFile, mend: async () => fs.writeFileSync(containerd.configFile, text) };
    },
  },
];

it(
  '500 looks while pods come and go: every fault told once as it comes and once as it goes, in flat memory',
  async () => {
    await withRig('2.x', {}, async (containerd) => {
      await makePod(containerd, { name: 'bystander', containers: [{ name: 'a' }, { name: 'b' }] });
      const watching = await startWatch(folder, ['-r', containerd.socket, '--interval', '20ms']);
      try {
        const planted = await churning(containerd, 40, async () => {
          const told: string[] = [];
          for (const { check, plant } of PLANTS) {
            const { id, mend } = await plant(containerd);
            told.push((await watching.told('appeared', check, id)).fingerprint);
            await mend();
            await watching.told('gone', check, id);
          }
          return told;
        });
        for (let n = 0; n < RESTARTS; n += 1)
          planted.push(await stopAndStart(containerd, watching, `7.${20 + n}`));
        await churning(containerd, 20, () => watching.looked(LOOKS));

        expect(await watching.end('SIGINT')).toBe(130);
        expect(watching.stderr()).toBe('');
        expect(toldOf(watching.changes, planted)).toEqual(
          planted.flatMap((fingerprint) => [`appeared ${fingerprint}`, `gone ${fingerprint}`]),
        );
        expectNothingLeaked(watching.samples);
        expect(fs.readdirSync(folder)).toEqual(['podctl.prom']);
      } finally {
        await watching.end('SIGKILL').catch(() => {});
      }
    });
  },
  TIMEOUT_MS,
);

/** What was said of the planted faults, in order. */
function toldOf(changes: readonly Change[], planted: readonly string[]): string[] {
  return changes
    .filter(({ fingerprint }) => planted.includes(fingerprint))
    .map(({ change, fingerprint }) => `${change} ${fingerprint}`);
}

/** Does something while pods are made and removed; throws when they could not be. */
async function churning<T>(containerd: Containerd, cycles: number, work: () => Promise<T>): Promise<T> {
  const args = [containerd.socket, containerd.cgroupRoot, String(cycles)];
  const churn = await spawnScript('test/e2e/churn.script.ts', args);
  try {
    const result = await work();
    expect(await endOf(churn)).toBe(0);
    return result;
  } finally {
    churn.kill();
  }
}

/** What is judged without the runtime goes on as it was; what is not does not go meanwhile. */
async function stopAndStart(containerd: Containerd, watching: Watching, address: string): Promise<string> {
  const leaver = await faults.containerThatLeaves(containerd, { name: 'lasting' });
  const file = leftovers.leakReservation(containerd, address);
  const lasting = [leaver.containers[0]?.id, file];
  await watching.told('appeared', 'netns/mismatch', lasting[0]);
  await watching.told('appeared', 'cni/leaked-reservation', file);
  const before = watching.changes.length;
  await containerd.halt();
  // While it ends and begins it is there and does not answer, which is another sentence of the same check.
  const down = `runtime/unreachable down runtime ${containerd.socket}`;
  await watching.told('appeared', 'runtime/unreachable', down, before);
  await watching.told('unknown', 'cni/leaked-reservation', undefined, before);
  await containerd.resume();
  await watching.told('gone', 'runtime/unreachable', down, before);
  await watching.told('judged', 'cni/leaked-reservation', undefined, before);
  const between = watching.changes.slice(before);
  expect(between.filter((c) => lasting.includes(c.finding?.subject.id))).toEqual([]);
  await removePod(containerd, leaver.id);
  fs.rmSync(file);
  await watching.told('gone', 'netns/mismatch', lasting[0]);
  await watching.told('gone', 'cni/leaked-reservation', file, before);
  return down;
}

/** The last looks against the first ones after the warm-up. */
function expectNothingLeaked(samples: readonly Sample[]): void {
  expect(samples.length).toBeGreaterThanOrEqual(LOOKS);
  const early = samples.slice(WARM_UP, 2 * WARM_UP);
  const late = samples.slice(-WARM_UP);
  const least = (of: readonly Sample[], key: 'descriptors' | 'children') =>
    Math.min(...of.map((s) => s[key]));
  // Fewer than there were restarts: a look may have been caught with a connection on its way.
  expect(least(late, 'descriptors') - least(early, 'descriptors')).toBeLessThan(RESTARTS);
  expect([least(early, 'children'), least(late, 'children')]).toEqual([0, 0]);
  const growth = median(late.map((s) => s.resident)) / median(early.map((s) => s.resident));
  expect(growth).toBeLessThan(1.1);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
