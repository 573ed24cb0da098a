import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import { leakReservation } from '../rig/leftovers.ts';
import { until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { podctl, type Ran } from '../support/cli.ts';
import { curing, YOUNG } from './cure-kit.ts';
import { GC, leak, onNode } from './live-node.ts';

const busy = (state: string) => path.join(state, 'locks', 'node.lock');

/** An address that nobody has, reserved a second ago: what is from before this boot would not count. */
function reserve(containerd: Containerd, n: number): string {
  const file = path.join(containerd.ipamDir, containerd.cniNetwork, `${containerd.prefix}9.${n}`);
  fs.renameSync(leakReservation(containerd), file);
  const then = Date.now() / 1000 - 1;
  fs.utimesSync(file, then, then);
  return file;
}

test('two at once: the second one is refused, or waits for its turn', async () => {
  await onNode(async (containerd, kit) => {
    const pin = await leak(containerd);
    const slow = kit.run([...GC, '--yes', '--min-age', '0s', '--settle', '13s']);
    await until('the first one to have the lock', () => fs.existsSync(busy(kit.state)));
    const second = await kit.run([...GC, '--yes', ...YOUNG]);
    expect(second).toMatchObject({ code: 3, stdout: '' });
    expect(second.stderr).toMatch(
      /^error: this node is in the hands of another podctl: gc orphans \(process \d+\)\nhint: wait/,
    );
    expect(fs.existsSync(pin)).toBe(true);
    expect((await slow).code).toBe(0);
    expect(fs.existsSync(pin)).toBe(false);

    await leak(containerd);
    const both = await Promise.all([1, 2].map(() => kit.run([...GC, '--yes', ...YOUNG])));
    expect(both.map((ran) => ran.code)).toEqual([0, 0]);
    expect(both.map((ran) => ran.stdout).sort()).toContain('nothing to cure\n');
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s before anything goes: nothing does', async (signal, code) => {
  await onNode(async (containerd, kit) => {
    const pin = await leak(containerd);
    let pid = 0;
    const run = kit.run([...GC, '--yes', '--min-age', '0s', '--settle', '60s'], {
      started: (started) => {
        pid = started;
      },
    });
    await until('it to have the lock', () => fs.existsSync(busy(kit.state)));
    // Handlers are there long before the lock is.
    process.kill(pid, signal);
    expect((await run).code).toBe(code);
    expect(fs.existsSync(pin)).toBe(true);
    expect(fs.existsSync(busy(kit.state))).toBe(false);
  });
});

test('too large a share stops it, until that was looked at', async () => {
  await onNode(async (containerd, kit) => {
    const files = Array.from({ length: 6 }, (_, n) => reserve(containerd, n));
    const args = ['ipam', '--assume-no-kubelet', '--yes'];
    const stopped = await kit.gc(args);
    expect(stopped.code).toBe(3);
    expect(stopped.report).toMatchObject({
      carriedOut: false,
      tooMany: [{ kind: 'ipam', going: 6, of: 9 }],
    });
    expect(stopped.stderr).toMatch(/^hint: look at the table; if it is right: podctl gc .* --max-share 67$/m);
    expect(files.every((file) => fs.existsSync(file))).toBe(true);
    const looked = await kit.gc([...args, '--max-share', '67']);
    expect(looked.code).toBe(0);
    expect(files.some((file) => fs.existsSync(file))).toBe(false);
  });
});

/** Runs a command line with a terminal at all ends, and types an answer. */
function typed(words: string[], answer: string): Ran {
  const line = words.map((word) => `'${word}'`).join(' ');
  try {
    const options = { input: answer, encoding: 'utf8' as const, env: { PATH: process.env.PATH ?? '' } };
    const stdout = execFileSync('script', ['-qec', line, '/dev/null'], options);
    return { code: 0, signal: null, stdout, stderr: '' };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { code: status, signal: null, stdout, stderr: '' };
  }
}

test('on a terminal the plan is shown and asked for', async () => {
  await onNode(async (containerd, kit) => {
    const pin = await leak(containerd);
    const args = [...GC, ...YOUNG, '-r', containerd.socket, '--state-dir', kit.state];
    const words = [process.execPath, podctl, ...args];
    const no = typed(words, 'n\n');
    expect(no.code).toBe(2);
    expect(no.stdout).toContain('[y/N]');
    expect(no.stdout).toContain(`umount ${pin}`);
    expect(no.stdout).toContain('nothing was changed');
    expect(fs.existsSync(pin)).toBe(true);
    const yes = typed(words, 'y\n');
    expect(yes.code).toBe(0);
    expect(fs.existsSync(pin)).toBe(false);
  });
});

test('what a cure wrote is given back by undo; addresses never are', async () => {
  const images = ['registry.k8s.io/pause:3.9', 'registry.k8s.io/pause:3.10'];
  await withRig('2.x', { sandboxImages: images }, async (containerd) => {
    const kit = curing(containerd);
    onTestFinished(() => kit.close());
    await faults.v2KeyUnderVersion3(containerd, images[0] ?? '');
    const before = fs.readFileSync(containerd.configFile, 'utf8');
    const fix = ['doctor', 'config/*', '--fix', '--risk', 'disruptive', '--yes', ...YOUNG];
    const fixed = await kit.run([...fix, '-o', 'json']);
    const report = JSON.parse(fixed.stdout);
    expect(report.applied).toMatchObject([{ plan: 0, steps: [{ status: 'done' }] }]);
    expect(report.plans).toHaveLength(1);
    expect(fixed.code).toBe(0);
    expect(fs.readFileSync(containerd.configFile, 'utf8')).not.toBe(before);
    expect((await kit.run(['undo', '--list'])).stdout).toContain(`${containerd.configFile} (written)`);
    expect((await kit.run(['undo'])).code).toBe(2);
    expect((await kit.run(['undo', '--dry-run'])).code).toBe(1);
    expect(fs.readFileSync(containerd.configFile, 'utf8')).not.toBe(before);
    expect((await kit.run(['undo', '--yes'])).code).toBe(0);
    expect(fs.readFileSync(containerd.configFile, 'utf8')).toBe(before);
    expect(await kit.run(['undo', 'nonesuch'])).toMatchObject({
      code: 2,
      stderr: 'error: there is no run "nonesuch"\nhint: podctl undo --list shows all\n',
    });

    const pin = await leak(containerd);
    expect((await kit.run([...GC, '--yes', ...YOUNG])).code).toBe(0);
    const run = fs.readdirSync(path.join(kit.state, 'runs')).sort().at(-1) ?? '';
    const undone = await kit.run(['undo', run, '--yes']);
    expect(undone.code).toBe(0);
    expect(undone.stderr).toContain('are never given back: somebody else may have them by now');
    expect(fs.existsSync(pin)).toBe(false);
  });
});
