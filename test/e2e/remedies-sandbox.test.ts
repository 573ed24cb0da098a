import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as faults from '../rig/faults.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { initPid, makePod, pinOf, removePod } from '../rig/pods.ts';
import { isAlive, processId, until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { examine, seenIn } from './doctor.ts';
import { cure, mustPlan, planFor, statuses } from './remedies-kit.ts';

const { available } = await runtimes();

describe.each(available.map((r) => r.line).filter((line) => line !== '1.7'))(
  'containerd %s',
  (line: Line) => {
    it.each(['unmounted', 'gone'])('a pin that is %s is made again from its pause', async (how) => {
      await withRig(line, {}, async (containerd) => {
        const pod = await makePod(containerd, { name: 'broken' });
        const pause = initPid(containerd, pod.id);
        const { ino } = fs.statSync(`/proc/${pause}/ns/net`);
        const pin = await faults.unmountPin(containerd, pod);
        if (how === 'gone') fs.rmSync(pin);
        const plan = mustPlan(await planFor(containerd, 'netns/pin-lost'));
        expect(plan.risk).toBe('disruptive');
        expect(plan.steps.map(({ action }) => action.kind)).toEqual(
          how === 'gone' ? ['pin'] : ['unpin', 'pin'],
        );
        const { steps } = await cure(plan);
        expect(steps.map(({ status }) => status)).toEqual(steps.map(() => 'done'));
        expect(fs.statSync(pin).ino).toBe(ino);
        expect(seenIn((await examine(containerd, ['--min-age', '0s'])).report)).toEqual([]);
        await removePod(containerd, pod.id);
        expect(fs.existsSync(pin)).toBe(false);
      });
    });

    it('a pin is not made from another process than the one that was seen', async () => {
      await withRig(line, {}, async (containerd) => {
        const pod = await makePod(containerd, { name: 'broken' });
        const pin = await faults.unmountPin(containerd, pod);
        const plan = mustPlan(await planFor(containerd, 'netns/pin-lost'));
        await faults.killPause(containerd, pod);
        const { steps } = await cure(plan);
        expect(steps.map(({ status }) => status)).not.toContain('done');
        expect(statuses(steps).join()).toContain('refused: process');
        expect(fs.readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(pin);
      });
    });

    it('what outlived its pause ends, with its shim, address and pin; nobody else is touched', async () => {
      await withRig(line, {}, async (containerd) => {
        const bystander = await makePod(containerd, { name: 'bystander' });
        const pod = await makePod(containerd, { name: 'broken', containers: [{ name: 'a' }, { name: 'b' }] });
        const pin = pinOf(containerd, pod.id) ?? '';
        const app = processId(initPid(containerd, pod.containers[0]?.id ?? ''));
        await faults.killPause(containerd, pod);
        const plan = mustPlan(await planFor(containerd, 'sandbox/anchor-lost'));
        expect(plan.risk).toBe('destructive');
        expect(plan.steps[0]?.because).toContain('a, b');
        const { steps } = await cure(plan);
        expect(statuses(steps).slice(0, 2)).toEqual(['1-stop-sandbox done', '2-remove-sandbox done']);
        expect(steps.slice(2).map(({ status }) => status)).not.toContain('failed');
        expect(app && isAlive(app)).toBe(false);
        expect(fs.existsSync(pin)).toBe(false);
        const shim = plan.steps.at(-1)?.action;
        const left = shim?.kind === 'signal' ? shim.process : null;
        await until('the shim to be gone', () => left !== null && !isAlive(left));
        expect(seenIn((await examine(containerd, ['--min-age', '0s'])).report)).toEqual([]);
        expect(initPid(containerd, bystander.id)).toBeGreaterThan(0);
        const { name, uid } = pod;
        await makePod(containerd, { name, uid });
      });
    });

    it('a container in another namespace is not moved', async () => {
      await withRig(line, {}, async (containerd) => {
        await faults.containerThatLeaves(containerd, { name: 'left' });
        const planned = await planFor(containerd, 'netns/mismatch');
        expect(planned).toMatchObject({ refusal: { name: 'not-possible' } });
      });
    });
  },
);
