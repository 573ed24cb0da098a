import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { killPause, leakPin, orphanPause } from '../rig/faults.ts';
import {
  cachedResult,
  doubleRecord,
  emptyCachedResult,
  hostLinkOf,
  leakReservation,
  spoilRecord,
} from '../rig/leftovers.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { initPid, makePod, removePod, stopPod } from '../rig/pods.ts';
import { isAlive, processId, until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { cached, cureBeside, diagnose, perform, plansOf, reservations } from './orphan-kit.ts';

const { available } = await runtimes();
const lines = available.map((r) => r.line).filter((line) => line !== '1.7');
describe.each(lines)('containerd %s', (line: Line) => {
  it('takes a leaked network namespace away with its address, link and cache', async () => {
    let id = '';
    await cureBeside(
      line,
      'netns/leaked',
      async (containerd) => {
        const pod = await makePod(containerd, { name: 'leaked' });
        id = pod.id;
        const pin = await leakPin(containerd, pod);
        expect([reservations(containerd, id).length, cached(id).length]).toEqual([1, 2]);
        return (subject) => subject === pin;
      },
      (containerd, pin) => {
        expect(fs.existsSync(pin)).toBe(false);
        expect([...reservations(containerd, id), ...cached(id)]).toEqual([]);
      },
    );
  });

  it('ends an orphaned pause and its shim, with what runc keeps', async () => {
    let ended: (() => boolean)[] = [];
    let id = '';
    await cureBeside(
      line,
      'sandbox/orphaned-pause',
      async (containerd) => {
        const pod = await makePod(containerd, { name: 'orphaned' });
        id = pod.id;
        const pause = await orphanPause(containerd, pod);
        const shim = processId(Number(fs.readFileSync(`/proc/${pause.pid}/stat`, 'utf8').split(' ')[3]));
        ended = [() => !isAlive(pause), () => shim !== null && !isAlive(shim)];
        return (subject) => subject === pod.id;
      },
      () => {
        expect(ended.map((has) => has())).toEqual([true, true]);
        expect(fs.existsSync(`/run/containerd/runc/k8s.io/${id}`)).toBe(false);
      },
    );
  });

  it('removes all dead sandboxes of a pod but the latest', async () => {
    await cureBeside(
      line,
      'sandbox/notready-pile',
      async (containerd) => {
        const uid = '11111111-2222-4333-8444-555555555555';
        const ids: string[] = [];
        for (const attempt of [0, 1, 2]) {
          const pod = await makePod(containerd, {
            name: 'restarting',
            uid,
            attempt,
            containers: [{ name: 'app', attempt }],
          });
          ids.push(pod.id);
          if (attempt === 0) await killPause(containerd, pod);
          await stopPod(containerd, pod.id);
        }
        return (subject) => subject === ids[2];
      },
      () => {},
    );
  });

  it('gives a leaked address back, by DEL where the cache still tells', async () => {
    let reserved = '';
    await cureBeside(
      line,
      'cni/leaked-reservation',
      async (containerd) => {
        const { id } = await makePod(containerd, { name: 'gone' });
        const kept = [...reservations(containerd, id), ...cached(id)].map((file) => ({
          file,
          content: fs.readFileSync(file),
        }));
        await removePod(containerd, id);
        for (const { file, content } of kept) fs.writeFileSync(file, content);
        reserved = kept[0]?.file ?? '';
        return (subject) => subject === reserved;
      },
      () => expect(fs.existsSync(reserved)).toBe(false),
    );
  });

  it('removes the cgroup of a pod that is gone', async () => {
    const uid = '99999999-2222-4333-8444-555555555555';
    await cureBeside(
      line,
      'cgroup/leaked',
      async (containerd) => {
        await removePod(containerd, (await makePod(containerd, { name: 'gone', uid })).id);
        return (subject) => subject.endsWith(`pod${uid}`);
      },
      () => {},
    );
  });

  it('ends a shim that serves nobody', async () => {
    await cureBeside(
      line,
      'sandbox/leaked-shim',
      async (containerd) => {
        const pod = await makePod(containerd, { name: 'shim' });
        const pause = await orphanPause(containerd, pod);
        process.kill(pause.pid, 'SIGKILL');
        await until('the pause to end', () => !isAlive(pause));
        return (subject) => subject === pod.id;
      },
      () => {},
    );
  });

  it('ends a sandbox whose record cannot be read through containerd, and deletes the record', async () => {
    let pause = 0;
    let id = '';
    await cureBeside(
      line,
      'sandbox/orphaned-pause',
      async (containerd) => {
        const pod = await makePod(containerd, { name: 'spoilt' });
        ({ id } = pod);
        pause = initPid(containerd, id);
        await spoilRecord(containerd, pod);
        return (subject) => subject === id;
      },
      (containerd) => {
        expect(fs.existsSync(`/proc/${pause}`)).toBe(false);
        expect([...reservations(containerd, id), ...cached(id)]).toEqual([]);
      },
    );
  });

  it('deletes the record that has another one of its name, so that containerd starts again', async () => {
    await cureBeside(
      line,
      'sandbox/duplicate-name',
      async (containerd) => {
        const pod = await makePod(containerd, { name: 'doubled' });
        const copy = await doubleRecord(containerd, pod);
        return (subject) => subject === copy;
      },
      () => {},
    );
  });

  it('takes down what a cached result alone still tells of', async () => {
    let file = '';
    await cureBeside(
      line,
      'cni/cache-orphaned',
      async (containerd) => {
        const pod = await makePod(containerd, { name: 'gone' });
        file = cachedResult(containerd, pod);
        const content = fs.readFileSync(file);
        await removePod(containerd, pod.id);
        fs.writeFileSync(file, content);
        return (subject) => subject === file;
      },
      () => expect(fs.existsSync(file)).toBe(false),
    );
  });

  it('deletes a link that leads to nobody', async () => {
    let link = '';
    await cureBeside(
      line,
      'cni/dangling-link',
      async (containerd) => {
        const pod = await makePod(containerd, { name: 'dangling' });
        link = hostLinkOf(containerd, pod);
        await leakPin(containerd, pod);
        return (subject) => subject === link;
      },
      () => expect(fs.existsSync(`/sys/class/net/${link}`)).toBe(false),
    );
  });

  it('frees an address of an id that nobody ever had', async () => {
    let file = '';
    await cureBeside(
      line,
      'cni/leaked-reservation',
      async (containerd) => {
        file = leakReservation(containerd);
        return (subject) => subject === file;
      },
      () => expect(fs.existsSync(file)).toBe(false),
    );
  });
});

it.each(lines.filter((line) => line === '1.6'))(
  'containerd %s: a pod with a damaged cached result can be taken down again',
  async (line) => {
    await withRig(line, {}, async (containerd) => {
      const pod = await makePod(containerd, { name: 'stuck' });
      emptyCachedResult(containerd, pod);
      await expect(removePod(containerd, pod.id)).rejects.toThrow('cached result');
      const found = await diagnose(containerd, 'cni/cache-damaged');
      expect((await perform(plansOf(found))).map(({ status }) => status)).toEqual(['done']);
      await removePod(containerd, pod.id);
      expect(reservations(containerd, pod.id)).toEqual([]);
    });
  },
);
