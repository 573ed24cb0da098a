import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Guard } from '../../src/model/plan.ts';
import { refusalOf } from '../../src/remedy/guards/index.ts';
import type { Containerd } from '../rig/containerd.ts';
import { freezeContainerd, killPause } from '../rig/faults.ts';
import { cachedResult, reservationOf, spoilRecord } from '../rig/leftovers.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { initPid, makePod, type Pod, pinOf, removePod, stopPod } from '../rig/pods.ts';
import { processId } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { diagnose, perform, plansOf } from './orphan-kit.ts';
import { remedyContext } from './remedies-kit.ts';

const { available } = await runtimes();
const lines = available.map((r) => r.line).filter((line) => line !== '1.7');
const SANDBOX_IMAGE = 'registry.k8s.io/pause:3.9';
const NOBODY = 'ee'.repeat(32);
const NONE = { pid: 0, startTicks: 0 };

/** Guards that must not hold while a pod lives, and what they are about. */
async function asked(containerd: Containerd, pod: Pod) {
  const endpoint = containerd.socket;
  const status = await containerd.session.call('ImageStatus', (c, o) =>
    c.image.imageStatus({ image: { image: SANDBOX_IMAGE } }, o),
  );
  const id = status.image?.id ?? '';
  const pin = pinOf(containerd, pod.id) ?? '';
  const { dev, ino } = fs.statSync(pin);
  const bundles: string[] = [];
  const app = { kind: 'container-is', endpoint, container: pod.containers[0]?.id ?? '' } as const;
  const guards: Record<string, Guard> = {
    disowned: { kind: 'disowned', endpoint, id: pod.id, bundles },
    netns: { kind: 'netns-disowned', endpoint, path: pin, bundles, caches: [] },
    empty: { kind: 'namespace-empty', path: pin, ns: `${dev}:${ino}` },
    unready: { kind: 'sandbox-unready', endpoint, id: pod.id },
    dead: { kind: 'sandbox-dead', endpoint, id: pod.id },
    task: { kind: 'no-task', endpoint, container: pod.id },
    image: { kind: 'image-unused', endpoint, image: SANDBOX_IMAGE, id },
    pod: { kind: 'pod-unknown', endpoint, uid: pod.uid, folder: '/nowhere' },
    ended: { ...app, sandbox: pod.id, state: 'exited' },
    lost: { ...app, sandbox: pod.id, state: 'unknown' },
    other: { ...app, sandbox: NOBODY, state: 'exited' },
    began: { ...app, kind: 'never-began', process: processId(initPid(containerd, app.container)) ?? NONE },
    reused: { kind: 'never-began', endpoint, container: NOBODY, process: processId(process.pid) ?? NONE },
  };
  return guards;
}

async function refusals(guards: Record<string, Guard>): Promise<Record<string, string | null>> {
  const { context } = remedyContext();
  const { signal } = new AbortController();
  const answers: Record<string, string | null> = {};
  for (const [name, guard] of Object.entries(guards))
    answers[name] = await refusalOf(guard, { ...context, signal });
  return answers;
}

describe.each(lines)('containerd %s', (line: Line) => {
  it('answers for what lives, and for what is dead', async () => {
    await withRig(line, {}, async (containerd) => {
      const pod = await makePod(containerd, { name: 'alive' });
      const guards = await asked(containerd, pod);
      expect(await refusals(guards)).toEqual({
        disowned: expect.stringContaining('the runtime lists it'),
        netns: expect.stringContaining('names it'),
        empty: expect.stringContaining('is in'),
        unready: expect.stringContaining('is ready'),
        dead: expect.stringContaining('is ready again'),
        image: expect.stringContaining(`sandbox ${pod.id.slice(0, 13)} was made from ${SANDBOX_IMAGE}`),
        task: expect.stringContaining(`process ${initPid(containerd, pod.id)}`),
        pod: expect.stringContaining('the runtime lists sandbox'),
        ended: expect.stringContaining('is not in the state exited'),
        lost: expect.stringContaining('is not in the state unknown'),
        other: expect.stringContaining('is not in the state exited'),
        began: expect.stringContaining('does not call container'),
        reused: expect.stringContaining('does not wait to begin'),
      });
      await stopPod(containerd, pod.id);
      const stopped = await refusals(guards);
      expect([stopped.dead, stopped.unready, stopped.task, stopped.began]).toEqual([null, null, null, null]);
      expect(stopped.ended).toBeNull();
      expect(stopped.lost).toContain('is not in the state unknown');
      expect(stopped.other).toContain('is not listed');
      await removePod(containerd, pod.id);
      const gone = await refusals(guards);
      expect(gone.ended).toContain('is not listed any more');
      expect([gone.disowned, gone.netns, gone.pod, gone.image]).toEqual([null, null, null, null]);
      expect(gone.empty).toContain('no namespace');
    });
  });

  it('keeps what containers of an unlisted sandbox still use', async () => {
    await withRig(line, {}, async (containerd) => {
      const pod = await makePod(containerd, { name: 'survivor' });
      const guards = await asked(containerd, pod);
      await spoilRecord(containerd, pod);
      await killPause(containerd, pod).catch(() => {});
      const answers = await refusals({ disowned: guards.disowned as Guard, empty: guards.empty as Guard });
      expect(answers.disowned).toContain('has an owner');
      expect(answers.empty).toContain('is in');
    });
  });

  it('refuses all while containerd stands still', async () => {
    await withRig(line, {}, async (containerd) => {
      const pod = await makePod(containerd, { name: 'alive' });
      const guards = await asked(containerd, pod);
      const nobody: Guard = { kind: 'disowned', endpoint: containerd.socket, id: NOBODY, bundles: [] };
      const thaw = await freezeContainerd(containerd);
      const { empty, ...asking } = await refusals({ nobody, ...guards });
      thaw();
      expect(empty).toContain('is in');
      expect(Object.values(asking)).toEqual(
        Object.values(asking).map(() => expect.stringContaining('did not answer')),
      );
    });
  });

  it('refuses a step whose object was let again since the plan, and goes on with the rest', async () => {
    await withRig(line, {}, async (containerd) => {
      const kept: { file: string; content: Buffer }[] = [];
      for (const name of ['one', 'two']) {
        const pod = await makePod(containerd, { name });
        for (const file of [reservationOf(containerd, pod), cachedResult(containerd, pod)])
          kept.push({ file, content: fs.readFileSync(file) });
        await removePod(containerd, pod.id);
      }
      for (const { file, content } of kept) fs.writeFileSync(file, content);
      const plans = plansOf(await diagnose(containerd, 'cni/leaked-reservation'));
      expect(plans).toHaveLength(2);
      const [taken = ''] = kept.map(({ file }) => file);
      const owner = await makePod(containerd, { name: 'owner' });
      fs.writeFileSync(taken, `${owner.id}\r\neth0`);
      fs.rmSync(kept[1]?.file ?? '');
      const steps = await perform(plans);
      const ofTaken = plans.findIndex(({ subject }) => subject?.id === taken);
      const first = ofTaken === 0 ? steps.slice(0, 2) : steps.slice(-2);
      const others = ofTaken === 0 ? steps.slice(2) : steps.slice(0, -2);
      expect(first.map(({ status }) => status)).toEqual(['nothing-to-do', 'failed']);
      expect(first[1]?.reason).toContain('was changed in the meantime');
      expect(others.map(({ status }) => status)).toEqual(['done', 'nothing-to-do']);
      expect(fs.readFileSync(taken, 'utf8')).toBe(`${owner.id}\r\neth0`);
      expect(fs.existsSync(path.join('/proc', String(initPid(containerd, owner.id))))).toBe(true);
    });
  });
});
