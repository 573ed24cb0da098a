import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readJournal } from '../../src/remedy/journal.ts';
import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import { makePod } from '../rig/pods.ts';
import { type Curing, YOUNG } from './cure-kit.ts';
import { GC, leak, onNode } from './live-node.ts';

function lastRun(state: string) {
  const runs = fs.readdirSync(path.join(state, 'runs')).sort();
  return readJournal(path.join(state, 'runs', runs.at(-1) ?? ''));
}

/**
 * Runs a command once for every point of every step, killed there; each time the next run says so and completes,
 * and the one after it has nothing left to say. Gives how many were killed.
 */
async function atEveryPoint(
  kit: Curing,
  command: string[],
  prepare: () => Promise<void>,
  isCured: (at: string) => Promise<void>,
): Promise<number> {
  let killed = 0;
  for (let step = 1; ; step += 1) {
    const before = killed;
    for (const point of ['before', 'during', 'after']) {
      const at = `${point}:${step}`;
      await prepare();
      const run = await kit.run(command, { env: { PODCTL_FAULT: at } });
      if (run.signal === 'SIGKILL') {
        killed += 1;
        const journal = lastRun(kit.state);
        expect({ at, first: journal[0] }).toMatchObject({ at, first: { event: 'run' } });
        expect({ at, last: journal.at(-1) }).toMatchObject({ at, last: { event: 'begins' } });
        const next = await kit.run(command);
        expect({ at, code: next.code, stderr: next.stderr }).toEqual({
          at,
          code: 0,
          stderr: expect.stringMatching(
            /^note: run \S+ ended after \d+ of \d+ steps, within step .* of plan \d+; /,
          ),
        });
      } else expect({ at, code: run.code }).toEqual({ at, code: 0 });
      await isCured(at);
      expect({ at, stderr: (await kit.run(command)).stderr }).toEqual({ at, stderr: '' });
    }
    if (killed === before) return killed;
  }
}

test('gc killed at every point of every step: the next one says so, and completes', async () => {
  await onNode(async (containerd, kit) => {
    let pin = '';
    const killed = await atEveryPoint(
      kit,
      [...GC, '--yes', ...YOUNG],
      async () => {
        pin = await leak(containerd);
      },
      async (at) => {
        expect({ at, left: fs.existsSync(pin) }).toEqual({ at, left: false });
        expect({ at, left: namesOf(containerd) }).toEqual({ at, left: 3 });
      },
    );
    expect(killed).toBeGreaterThan(8);
  });
});

test('--fix killed at every point of every step: the next one says so, and completes', async () => {
  await onNode(async (containerd, kit) => {
    const fix = [
      'doctor',
      'sandbox/*',
      '--fix',
      '--risk',
      'destructive',
      '--assume-no-kubelet',
      '--yes',
      ...YOUNG,
    ];
    const killed = await atEveryPoint(
      kit,
      fix,
      async () => {
        await faults.killPause(containerd, await makePod(containerd, { name: 'broken' }));
      },
      async (at) => {
        const { code, stdout } = await kit.run([
          'doctor',
          'sandbox/*',
          'netns/*',
          'cni/*',
          '--min-age',
          '0s',
        ]);
        expect({ at, code, faults: / faults? \(/.test(stdout) }).toEqual({ at, code: 0, faults: false });
      },
    );
    expect(killed).toBeGreaterThan(3);
  });
});

/** Reservations of the rig's network. */
function namesOf({ ipamDir, cniNetwork, prefix }: Containerd): number {
  return fs.readdirSync(path.join(ipamDir, cniNetwork)).filter((name) => name.startsWith(prefix)).length;
}
