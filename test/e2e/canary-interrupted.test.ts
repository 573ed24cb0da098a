import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { random } from '../fuzz/random.ts';
import * as canaryFaults from '../rig/canary-faults.ts';
import type { Containerd } from '../rig/containerd.ts';
import { namesIn } from '../rig/files.ts';
import { removePod } from '../rig/pods.ts';
import { commandLine, until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { runPodctl } from '../support/cli.ts';
import { type CanaryKit, canaryKit, podsOf } from './canary-kit.ts';
import { curing, YOUNG } from './cure-kit.ts';

const MOMENTS = 10;
const SEED = 6;
const FIRST_MS = 150;
const SETTLES_MS = 1500;

/** Sends a signal to a canary some time after its start; gives how it ended. */
async function flyUntil(kit: CanaryKit, ms: number, name: NodeJS.Signals) {
  let timer: NodeJS.Timeout | undefined;
  const ran = await kit.run(['-o', 'json'], {
    started: (pid) => {
      timer = setTimeout(() => process.kill(pid, name), ms);
    },
  });
  clearTimeout(timer);
  return ran;
}

test('interrupted at ten random moments it takes away all that it made, and says so', async () => {
  await withRig('2.x', {}, async (containerd) => {
    const kit = canaryKit(containerd);
    const { below, pick } = random(SEED);
    let wholeMs = 1500;
    let interrupted = 0;
    for (let tries = 0; interrupted < MOMENTS && tries < 3 * MOMENTS; tries += 1) {
      const at = FIRST_MS + below(wholeMs);
      const name = pick(['SIGINT', 'SIGTERM'] as const);
      const begun = Date.now();
      const { code, signal, stdout, stderr } = await flyUntil(kit, at, name);
      const told = { at, name, code, signal, stderr };
      expect({ ...told, left: await kit.left() }).toEqual({ ...told, stderr: '', left: [] });
      // Before its first line ran nobody listened yet; after its last one there was nothing to interrupt.
      if (signal !== null) continue;
      if (code === 0) wholeMs = Math.min(wholeMs, Date.now() - begun);
      else interrupted += 1;
      const report = JSON.parse(stdout);
      expect(told).toEqual({ ...told, code: code === 0 ? 0 : name === 'SIGINT' ? 130 : 143 });
      expect({ ...told, complete: report.complete }).toEqual({ ...told, complete: code === 0 });
    }
    expect(interrupted).toBe(MOMENTS);
  });
});

/** Kills a canary with -9 as soon as something is there. */
async function killWhen(kit: CanaryKit, isThere: () => Promise<boolean> | boolean): Promise<void> {
  let pid = 0;
  const running = kit.run([], {
    started: (p) => {
      pid = p;
    },
  });
  await until('what the canary makes', isThere);
  // What it has asked for ends first: containerd keeps what a vanished caller was starting for a while.
  process.kill(pid, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, SETTLES_MS));
  process.kill(pid, 'SIGKILL');
  expect((await running).signal).toBe('SIGKILL');
}

/** containerd 2.x may keep the shim of a sandbox that is taken away while a container starts in it. */
const isNoProcess = (left: string) => !left.startsWith('process ');
const hasPod = (containerd: Containerd) => async () => (await podsOf(containerd)).length > 0;
const hasOwn = (kit: CanaryKit) => () =>
  namesIn(path.join(kit.state, 'records')).some((name) =>
    fs.readFileSync(path.join(kit.state, 'records', name), 'utf8').includes('"phase": "ready"'),
  );

test('killed with -9, the next canary says what was left, and takes it away', async () => {
  await withRig('2.x', {}, async (containerd) => {
    const kit = canaryKit(containerd);
    await killWhen(kit, hasPod(containerd));
    const [name] = await podsOf(containerd);
    const next = await kit.run();
    expect({ code: next.code, stderr: next.stderr }).toEqual({
      code: 0,
      stderr: `note: the runtime's sandbox ${name} was left by an earlier canary; it is taken away\n`,
    });
    expect(await kit.left()).toEqual([]);

    await killWhen(kit, hasOwn(kit));
    const after = await kit.run();
    expect({ code: after.code, stderr: after.stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /^note: podctl's sandbox podctl-canary-\d+-\d+ was left by an earlier canary/,
      ),
    });
    expect(await kit.left()).toEqual([]);
  });
});

test('killed with -9, the doctor names what was left, and gc takes it away', async () => {
  await withRig('2.x', {}, async (containerd) => {
    const kit = canaryKit(containerd);
    const cure = curing(containerd);
    onTestFinished(() => cure.close());
    await killWhen(kit, hasPod(containerd));
    await killWhen(
      { ...kit, run: (args, options) => kit.run(['-r', '/run/none.sock', ...(args ?? [])], options) },
      hasOwn(kit),
    );
    const look = ['doctor', 'canary/*', '-r', containerd.socket, '--min-age', '0s', '-o', 'json'];
    const env = { PODCTL_STATE_DIR: kit.state };
    const seen = JSON.parse((await runPodctl(look, { env })).stdout);
    const [check] = seen.checks;
    expect([check.id, check.findings.map((f: { messageId: string }) => f.messageId)]).toEqual([
      'canary/left-behind',
      ['left', 'left'],
    ]);
    const words = [
      'gc',
      'sandboxes',
      '--assume-no-kubelet',
      '--yes',
      '--max-share',
      '100',
      '--risk',
      'destructive',
      ...YOUNG,
    ];
    // The runtime may still be at work for the killed one, and refuse for as long.
    const gc = () => runPodctl([...words, '-r', containerd.socket, '--state-dir', kit.state]);
    await until('gc to have taken away all', async () => (await gc()).code === 0);
    expect(await podsOf(containerd)).toEqual([]);
    expect(namesIn(path.join(kit.state, 'records'))).toEqual([]);
    expect((await kit.run()).code).toBe(0);
    expect((await kit.left()).filter(isNoProcess)).toEqual([]);
  });
});

test('where the plugin asks the API server its network is not judged, and all else is', async () => {
  await withRig('2.x', {}, async (containerd) => {
    await canaryFaults.calicoFirst(containerd);
    const kit = canaryKit(containerd);
    const { code, report, canary } = await kit.fly(['canary/*']);
    expect(code).toBe(0);
    const verdicts = report.checks;
    expect(verdicts.map((c) => [c.id, c.verdict, c.findings.map((f) => f.messageId)])).toEqual([
      ['canary/left-behind', 'pass', []],
      ['canary/own-network', 'skipped', []],
      ['canary/own-sandbox', 'found', ['works']],
      ['canary/runtime-network', 'skipped', []],
      ['canary/runtime-sandbox', 'found', ['works']],
    ]);
    expect(verdicts[1]?.reason).toBe(
      'calico asks the API server about every pod, and a canary is no pod there',
    );
    expect(canary.runs.map((run) => run.sandboxId.length)).toEqual([64, 64]);
    expect(await kit.left()).toEqual([]);
  });
});

test('with a kubelet it wants to be told, and what kubelet takes away is no fault', async () => {
  await withRig('2.x', {}, async (containerd) => {
    const kit = canaryKit(containerd);
    const program = path.join(containerd.dir, 'kubelet');
    fs.copyFileSync('/bin/sleep', program);
    const kubelet = spawn(program, ['60'], { stdio: 'ignore' });
    onTestFinished(() => void kubelet.kill('SIGKILL'));
    await until('the kubelet', () => commandLine(kubelet.pid ?? 0)[0] === program);
    const refused = await kit.run();
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /^error: --active: a kubelet runs here \(process \d+\), which ends sandboxes/,
    );

    const flight = kit.fly(['canary/*', '--force', 'kubelet']);
    await until('the sandbox', hasPod(containerd));
    const { items } = await containerd.session.call('ListPodSandbox', (c, o) =>
      c.runtime.listPodSandbox({}, o),
    );
    for (const { id } of items) await removePod(containerd, id);
    const { code, report, canary } = await flight;
    kubelet.kill('SIGKILL');
    const faults = report.checks.flatMap((c) => c.findings).filter((f) => f.severity !== 'info');
    expect({ code, faults }).toEqual({ code: 0, faults: [] });
    expect(canary.runs.map((run) => [run.maker, run.endedByKubelet])).toEqual([
      ['runtime', true],
      ['podctl', false],
    ]);
    const verdicts = report.checks.filter(({ id }) => id.startsWith('canary/runtime-'));
    expect(verdicts.map((c) => [c.verdict, c.reason])).toEqual([
      ['skipped', 'kubelet took the canary away, as it may'],
      ['skipped', 'kubelet took the canary away, as it may'],
    ]);
    expect((await kit.left()).filter(isNoProcess)).toEqual([]);
  });
});
