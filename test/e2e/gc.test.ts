import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { PlanSet } from '../../src/remedy/gc/plan-set.ts';
import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import { runtimes } from '../rig/packages.ts';
import { initPid, makePod, makePods, type Pod } from '../rig/pods.ts';
import { isAlive, processId } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { type Curing, curing, YOUNG } from './cure-kit.ts';

const { available } = await runtimes(['1.6', '2.x']);
const line = available.at(-1)?.line ?? '2.x';
const NO_KUBELET = '--assume-no-kubelet';

/** A node with three live pods, and the kit to cure it. */
async function onNode(
  work: (containerd: Containerd, kit: Curing, live: Pod[]) => Promise<void>,
  on = line,
): Promise<void> {
  await withRig(on, {}, async (containerd) => {
    const kit = curing(containerd);
    onTestFinished(() => kit.close());
    const live = await makePods(
      containerd,
      [1, 2, 3].map((n) => ({ name: `live-${n}` })),
    );
    const pauses = live.map((pod) => processId(initPid(containerd, pod.id)));
    await work(containerd, kit, live);
    for (const pause of pauses) expect(pause !== null && isAlive(pause)).toBe(true);
  });
}

const leak = async (containerd: Containerd) =>
  faults.leakPin(containerd, await makePod(containerd, { name: 'broken' }));

/** Reservations of the rig's network, each with the id that it is for. */
function reserved({ ipamDir, cniNetwork }: Containerd): string[] {
  const folder = path.join(ipamDir, cniNetwork);
  return fs.readdirSync(folder).filter((name) => /^\d+\.\d+\.\d+\.\d+$/.test(name));
}

test.each(available.map((r) => r.line))('containerd %s: a leaked pin goes, with its address', async (on) => {
  await onNode(async (containerd, kit) => {
    const pin = await leak(containerd);
    expect(reserved(containerd)).toHaveLength(4);

    const shown = await kit.gc(['orphans', NO_KUBELET, '--dry-run']);
    expect(shown.code).toBe(1);
    expect(shown.report.objects.map((o) => o.subject)).toContainEqual({ kind: 'netns', id: pin });
    expect(shown.report).toMatchObject({ carriedOut: false, runs: [], applied: [], unseen: [] });
    expect(shown.report.limits).toEqual([{ network: containerd.cniNetwork, used: 4, of: 65_533, leaked: 1 }]);
    expect(fs.existsSync(kit.state)).toBe(false);

    const refused = await kit.gc(['orphans', NO_KUBELET]);
    expect(refused.code).toBe(2);
    expect(refused.report.carriedOut).toBe(false);
    expect(refused.stderr).toContain('error: nothing was changed: nobody said yes\n');
    expect(refused.stderr).toMatch(/^hint: podctl gc orphans .* --yes$/m);
    expect(fs.existsSync(pin)).toBe(true);
    expect(fs.existsSync(kit.state)).toBe(false);

    const done = await kit.gc(['orphans', NO_KUBELET, '--yes']);
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
    expect(new Set(done.report.objects.map((o) => o.state))).toEqual(new Set(['gone']));
    expect(fs.existsSync(pin)).toBe(false);
    expect(reserved(containerd)).toHaveLength(3);

    const again = await kit.gc(['orphans', NO_KUBELET, '--yes']);
    expect({ code: again.code, objects: again.report.objects }).toEqual({ code: 0, objects: [] });
    await makePod(containerd, { name: 'after' });
  }, on);
});

test('one kind alone: the rest stays', async () => {
  await onNode(async (containerd, kit) => {
    const pin = await leak(containerd);
    const { code, report } = await kit.gc(['cgroups', NO_KUBELET, '--yes']);
    expect(code).toBe(0);
    expect(report.objects.map((o) => [o.kind, o.state])).toEqual([['cgroups', 'gone']]);
    expect(fs.existsSync(pin)).toBe(true);
    await kit.gc(['orphans', NO_KUBELET, '--yes']);
  });
});

test('with containerd frozen nothing goes, and the reason is told', async () => {
  await onNode(async (containerd, kit) => {
    const pin = await leak(containerd);
    await faults.orphanPause(containerd, await makePod(containerd, { name: 'orphan' }));
    const before = reserved(containerd);
    const thaw = await faults.freezeContainerd(containerd);
    try {
      const { code, report } = await kit.gc(['orphans', NO_KUBELET, '--yes', '-t', '1s']);
      expect(code).toBe(3);
      expect(report).toMatchObject({ carriedOut: false, applied: [], plans: [] });
      expect(report.unseen[0]?.reason).toContain('did not answer');
      const text = await kit.run(['gc', 'orphans', NO_KUBELET, '--yes', '-t', '1s', ...YOUNG]);
      expect(text).toMatchObject({ code: 3, stderr: '' });
      expect(text.stdout).toMatch(/^unseen {3}.*did not answer/);
    } finally {
      thaw();
    }
    expect(fs.existsSync(pin)).toBe(true);
    expect(reserved(containerd)).toEqual(before);
    expect((await kit.gc(['orphans', NO_KUBELET, '--yes'])).code).toBe(0);
  });
});

test('a plan that was saved is proved again before it is carried out', async () => {
  await onNode(async (containerd, kit) => {
    const file = path.join(path.dirname(kit.state), 'plan.json');
    const [first, second] = [await leak(containerd), await faults.strayPin(containerd)];
    const saved = await kit.gc(['netns', NO_KUBELET, '--plan-out', file]);
    expect(saved.code).toBe(1);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    const set: PlanSet = JSON.parse(fs.readFileSync(file, 'utf8'));
    expect(set.plans.map((plan) => plan.subject?.id).sort()).toEqual([first, second].sort());

    const write = (name: string, over: Partial<PlanSet>) => {
      const to = path.join(path.dirname(kit.state), name);
      fs.writeFileSync(to, JSON.stringify({ ...set, ...over }));
      return to;
    };
    const apply = (of: string) => kit.run(['apply', of, '--yes', '--settle', '1s', '-o', 'json']);
    const old = await apply(write('old.json', { createdAt: Date.now() - 700_000 }));
    expect(old).toMatchObject({ code: 3, stdout: expect.stringContaining('podctl.error/v1') });
    expect(old.stderr).toContain('is not carried out: it is 11 minutes old');
    const other = await apply(write('boot.json', { bootId: 'other' }));
    expect(other).toMatchObject({ code: 3, stdout: expect.stringContaining('"exitCode": 3') });
    const broken = await apply(write('broken.json', { plans: [{ steps: 'rm -rf /' }] as never }));
    expect(broken).toMatchObject({ code: 2, stdout: expect.stringContaining('podctl.error/v1') });

    const hostile = structuredClone(set.plans.slice(0, 1));
    const victim = write('victim.json', {});
    for (const step of hostile[0]?.steps ?? [])
      step.action = { kind: 'remove-file', path: victim, file: { dev: 1, ino: 1, sha256: '' }, lock: '' };
    const tricked = await apply(write('hostile.json', { plans: hostile }));
    expect(tricked.code).toBe(3);
    expect(JSON.parse(tricked.stdout)).toMatchObject({
      carriedOut: false,
      mismatches: [{ reason: 'a fresh look would do it differently' }],
    });
    expect([victim, first, second].map((f) => fs.existsSync(f))).toEqual([true, true, true]);

    // The node changes: one of the two is gone when the plan is applied.
    expect((await kit.gc(['netns', NO_KUBELET, '--yes'])).code).toBe(0);
    const third = await leak(containerd);
    const late = await apply(file);
    expect(late.code).toBe(3);
    expect(JSON.parse(late.stdout).mismatches).toHaveLength(2);
    expect(fs.existsSync(third)).toBe(true);

    expect((await kit.gc(['orphans', NO_KUBELET, '--plan-out', file])).code).toBe(1);
    const asked = await kit.run(['apply', file, '--settle', '1s']);
    expect(asked.code).toBe(2);
    expect(fs.existsSync(third)).toBe(true);
    expect((await apply(file)).code).toBe(0);
    expect(fs.existsSync(third)).toBe(false);
  });
});
