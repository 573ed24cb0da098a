import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import { onHost } from '../rig/home.ts';
import { emptyBridge, leavePortRule, moveRange, portChain } from '../rig/network-faults.ts';
import { runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { examine, podctl, seenIn } from './doctor.ts';

const PORT = 18_080;
const { available } = await runtimes(['2.x']);

/** Runs `podctl doctor CHECK --fix --yes` on the host of a rig; gives its exit code and what it printed. */
function fix({ home, socket }: Containerd, check: string): Promise<{ code: number | null; text: string }> {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-cure-'));
  onTestFinished(() => fs.rmSync(state, { recursive: true, force: true }));
  const options = ['--fix', '--yes', '-r', socket, '--state-dir', state, '--settle', '1s'];
  const [program = '', ...words] = [...home.enter, podctl(), 'doctor', check, ...options];
  const env = { ...process.env, PATH: [...home.tools, process.env.PATH].join(':') };
  return new Promise((resolve) => {
    const child = execFile(program, words, { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, text: stdout + stderr }),
    );
  });
}

const rules = async ({ home }: Containerd) =>
  (await onHost(home, 'iptables-save', ['-t', 'nat'])).split('\n').filter((line) => /^(-A|:CNI)/.test(line));

it.each(available.length > 0 ? (['legacy', 'nft'] as const) : [])(
  'stale rules go, those of living pods stay to the letter (iptables of the kind %s)',
  async (kind) => {
    await withRig('2.x', { firewall: kind }, async (containerd) => {
      await makePod(containerd, { name: 'lives', hostPorts: [PORT + 1] });
      const before = await rules(containerd);
      const { pod } = await leavePortRule(containerd, PORT);
      const chain = await portChain(containerd, pod);
      expect((await rules(containerd)).length).toBeGreaterThan(before.length);
      const { code, text } = await fix(containerd, 'cni/stale-rule');
      expect(text).toContain(`-X ${chain}`);
      expect({ code, rules: (await rules(containerd)).sort() }).toEqual({ code: 0, rules: before.sort() });
    });
  },
);

it.runIf(available.length > 0)(
  'a bridge of an old range goes while nothing is in it, and a new pod starts',
  async () => {
    await withRig('2.x', {}, async (containerd) => {
      await makePod(containerd, { name: 'old' });
      await emptyBridge(containerd);
      await moveRange(containerd, `${containerd.prefix}128.0/17`);
      await expect(makePod(containerd, { name: 'refused' })).rejects.toThrow(
        'already has an IP address different from',
      );
      expect((await fix(containerd, 'cni/bridge-address')).code).toBe(0);
      await makePod(containerd, { name: 'new' });
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
    });
  },
);
