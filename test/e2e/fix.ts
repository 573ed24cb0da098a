import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import type { Line } from '../rig/packages.ts';
import { initPid, makePod, pinOf, removePod } from '../rig/pods.ts';
import { processId } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { examine, podctl, type Seen, seenIn } from './doctor.ts';
import { reservations } from './orphan-kit.ts';

export interface Fixed {
  code: number | null;
  text: string;
}

/** Runs `podctl doctor CHECK --fix --yes` on the host of a rig; gives its exit code and what it printed. */
export function fix({ home, socket }: Containerd, check: string, more: string[] = []): Promise<Fixed> {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-cure-'));
  onTestFinished(() => fs.rmSync(state, { recursive: true, force: true }));
  const options = ['--fix', '--yes', '-r', socket, '--state-dir', state, '--settle', '1s', ...more];
  const [program = '', ...words] = [...home.enter, podctl(), 'doctor', check, ...options];
  const env = { ...process.env, PATH: [...home.tools, process.env.PATH].join(':') };
  return new Promise((resolve) => {
    const child = execFile(program, words, { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, text: stdout + stderr }),
    );
  });
}

export interface FixCase {
  /** How a rig is set up. */
  options?: Parameters<typeof withRig>[1];
  risk: 'safe' | 'disruptive' | 'destructive';
  /** No pod can be made on the broken node: the healthy one comes first. */
  early?: boolean;
  /** Breaks the node; gives what the doctor is to say of it. */
  make(containerd: Containerd): Promise<Seen>;
  /** What must be true afterwards. */
  clean(containerd: Containerd): Promise<void> | void;
}

/**
 * From fault to clean beside a healthy pod: the doctor says it, does nothing without consent to the risk, cures it,
 * says nothing at warning or above, and the healthy pod has lost nothing.
 */
export async function fixBeside(
  line: Line,
  { options = {}, risk, early = false, make, clean }: FixCase,
): Promise<void> {
  await withRig(line, options, async (containerd) => {
    const healthy = () => makePod(containerd, { name: 'bystander' });
    const first = early ? await healthy() : null;
    const broken = await make(containerd);
    const bystander = first ?? (await healthy());
    const life = () => ({
      processes: [bystander.id, ...bystander.containers.map(({ id }) => id)].map((id) =>
        processId(initPid(containerd, id)),
      ),
      pin: pinOf(containerd, bystander.id),
      addresses: reservations(containerd, bystander.id),
    });
    const before = life();
    const age = ['--min-age', '0s'];
    const found = seenIn((await examine(containerd, age)).report, true);
    expect(found).toContainEqual(broken);
    if (risk !== 'safe') {
      const refused = await fix(containerd, broken.check, [...age, '--assume-no-kubelet']);
      expect(refused.text, refused.text).toContain(`--risk ${risk} includes it`);
      expect(seenIn((await examine(containerd, age)).report, true)).toContainEqual(broken);
    }
    const done = await fix(containerd, broken.check, [...age, '--assume-no-kubelet', '--risk', risk]);
    expect(done.code, done.text).toBe(0);
    await clean(containerd);
    const again = seenIn((await examine(containerd, age)).report, true);
    expect(again.filter(({ check, id }) => check === broken.check && id === broken.id)).toEqual([]);
    expect(seenIn((await examine(containerd)).report)).toEqual([]);
    expect(life()).toEqual(before);
    await removePod(containerd, (await makePod(containerd, { name: 'next' })).id);
  });
}
