import { describe, expect, it } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { addContainer, initPid, makePods, type Pod, type PodWanted, stopPod } from '../rig/pods.ts';
import { isAlive, processId, until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { endOf, spawnScript } from '../rig/script.ts';
import { examine, runDoctor, seenIn } from './doctor.ts';

const CYCLES = 200;
const { available } = await runtimes(['1.6', '2.x']);
const brief = { name: 'brief', command: ['true'] };
const five = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name }));

const KINDS: Omit<PodWanted, 'name'>[] = [
  {},
  { containers: five },
  { hostNetwork: true },
  { hostPid: true },
  { hostIpc: true },
  { sharePid: true },
  { hostNetwork: true, hostPid: true, hostIpc: true, containers: [{ name: 'app', privileged: true }] },
  { containers: [{ name: 'app' }, brief] },
  { containers: [brief] },
  {
    containers: [
      { name: 'app', claimsHost: true },
      { name: 'other', privileged: true },
    ],
  },
];

/** Twenty pods of all kinds; of the last ten one is completed and stopped, and one has a restarted container. */
async function populate(containerd: Containerd): Promise<Pod[]> {
  const wanted = [0, 1].flatMap((round) => KINDS.map((kind, i) => ({ ...kind, name: `pod-${round}-${i}` })));
  const pods = await makePods(containerd, wanted);
  const [completed, restarted] = [pods[18], pods[10]];
  if (!completed || !restarted) throw new Error('twenty pods were to be made');
  await stopPod(containerd, completed.id);
  const app = processId(initPid(containerd, restarted.containers[0]?.id ?? ''));
  if (app) process.kill(app.pid, 'SIGKILL');
  await until('the container to end', () => app === null || !isAlive(app));
  await addContainer(containerd, restarted, { name: 'app', attempt: 1 });
  return pods;
}

describe.each(available.map((r) => r.line))('a healthy node with containerd %s', (line: Line) => {
  it('has nothing wrong, at rest and while pods come and go', async () => {
    await withRig(line, {}, async (containerd) => {
      expect(await populate(containerd)).toHaveLength(20);
      const rest = await examine(containerd);
      expect(seenIn(rest.report)).toEqual([]);
      expect(rest.report.counts.unknown).toBe(0);
      expect(rest.exitCode).toBe(0);

      const args = [containerd.socket, containerd.cgroupRoot, String(CYCLES)];
      const churn = await spawnScript('test/e2e/churn.script.ts', args);
      let churning = true;
      const end = endOf(churn).finally(() => {
        churning = false;
      });
      try {
        while (churning) {
          const { report, exitCode } = await runDoctor(['-r', containerd.socket]);
          expect(seenIn(report)).toEqual([]);
          expect(report.checks.filter((c) => c.verdict === 'unknown').map((c) => [c.id, c.reason])).toEqual(
            [],
          );
          expect(exitCode).toBe(0);
        }
      } finally {
        churn.kill();
      }
      expect(await end).toBe(0);
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
    });
  });
});
