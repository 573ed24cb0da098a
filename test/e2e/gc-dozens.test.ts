import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import { liveAmong } from '../rig/life.ts';
import { plantOrphans, remains } from '../rig/orphans.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod, removePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { endOf, spawnScript } from '../rig/script.ts';
import { podctl } from './doctor.ts';

const LIVE = 30;
const ORPHANS = 12;
const HOUR = 3_600_000;
const CYCLES = 200;
/** The usual, and one at which nothing but the vetoes and the second look protects what is being made. */
const AGES = [[], ['--min-age', '0s', '--settle', '2s']];
const { available } = await runtimes(['1.6', '2.x']);
const state = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-gc-'));
afterAll(() => fs.rmSync(state, { recursive: true }));

interface Run {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** `podctl gc` on a rig, which has no kubelet. */
function gc(containerd: Containerd, args: string[], env: Record<string, string> = {}): Promise<Run> {
  const all = ['gc', ...args, '-r', containerd.socket, '--state-dir', state, '--assume-no-kubelet'];
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(podctl(), all, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr }),
    );
  });
}

describe.each(available.map((r) => r.line))('containerd %s', (line: Line) => {
  it('takes away a dozen orphans of each kind beside 30 live pods, and nothing else', async () => {
    await withRig(line, {}, async (containerd) => {
      const life = await liveAmong(containerd, LIVE);
      try {
        const planted = await plantOrphans(containerd, ORPHANS, HOUR);
        // Processes cannot be made older than they are.
        await new Promise((resolve) => setTimeout(resolve, 20_000));
        const age = ['--min-age', '20s', '--settle', '2s'];
        const run = await gc(containerd, ['orphans', '--yes', '--risk', 'destructive', ...age]);
        expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
        expect(await remains(containerd, planted)).toEqual({});
        expect(await life.harmed()).toEqual([]);
        // What the pauses lived in is as young as their end.
        await new Promise((resolve) => setTimeout(resolve, 21_000));
        const later = await gc(containerd, ['cgroups', '--yes', '--max-share', '100', ...age]);
        expect({ code: later.code, stderr: later.stderr }).toEqual({ code: 0, stderr: '' });
        const again = await gc(containerd, ['orphans', '--yes', ...age, '-o', 'json']);
        expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
        expect(JSON.parse(again.stdout).plans).toEqual([]);
        const pod = await makePod(containerd, { name: 'new' });
        expect(await life.harmed()).toEqual([]);
        await removePod(containerd, pod.id);
      } finally {
        life.end();
      }
    });
  });

  it('hurts no pod that comes or goes meanwhile, at the default age and at once', async () => {
    await withRig(line, {}, async (containerd) => {
      const life = await liveAmong(containerd, 3);
      const args = [containerd.socket, containerd.cgroupRoot, String(CYCLES)];
      const churn = await spawnScript('test/e2e/churn.script.ts', args);
      let churning = true;
      const end = endOf(churn).finally(() => {
        churning = false;
      });
      try {
        for (let turn = 0; churning; turn += 1) {
          const { code, stderr } = await gc(containerd, ['orphans', '--yes', ...(AGES[turn % 2] ?? [])]);
          expect({ code, stderr }).toEqual({ code: expect.toBeOneOf([0, 1, 3]), stderr: expect.any(String) });
          expect(await life.harmed()).toEqual([]);
        }
        expect(await end).toBe(0);
      } finally {
        churn.kill();
        life.end();
      }
    });
  });
});
