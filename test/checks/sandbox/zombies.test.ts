import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/zombies.ts';
import type { Facts, Process, Reaper } from '../../../src/model/facts.ts';
import {
  addPod,
  emptyNode,
  healthyNode,
  judge,
  OLD_TICKS,
  type Pod,
  YOUNG_TICKS,
} from '../../support/node.ts';

/** A pod with a shared PID namespace, its pause as told, and dead children of `parent`. */
function node(
  reaper: Partial<Reaper> | null,
  dead: { count: number; ticks?: number; of?: (pod: Pod) => Process | undefined },
): { facts: Facts; pod: Pod } {
  const facts = emptyNode();
  const pod = addPod(facts, 1, 'web', { sharePid: true });
  const { pid, startTicks } = pod.pause;
  if (reaper) facts.reapers.push({ pid, startTicks, onChild: 'default', sleepsIn: '', ...reaper });
  const parent = dead.of ? dead.of(pod) : pod.pause;
  const zombies = Array.from({ length: dead.count }, (_, i) => ({
    ...pod.pause,
    pid: 9000 + i,
    ppid: parent?.pid ?? 0,
    state: 'Z',
    comm: 'sleep',
    startTicks: dead.ticks ?? OLD_TICKS,
  }));
  facts.processes.push(...zombies);
  return { facts, pod };
}

const DEAF = { onChild: 'default', sleepsIn: '__do_sys_pause' } as const;
const ofApp = (pod: Pod) => pod.containers[0]?.init;

describe('sandbox/zombies', () => {
  it('passes healthy pods', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('tells zombies of a pause that does not reap, with its signals as proof', async () => {
    const { facts, pod } = node(DEAF, { count: 12, ticks: YOUNG_TICKS });
    expect((await judge(check, facts)).findings).toMatchObject([
      {
        messageId: 'piling',
        severity: 'warning',
        message: 'default/web has 12 zombies: its pause does not reap them, and more will come',
        subject: { kind: 'sandbox', id: pod.sandbox.id },
        evidence: [
          { at: `/proc/${pod.pause.pid}/status`, value: 'SIGCHLD default; asleep in __do_sys_pause' },
          { value: '12 children in state Z: sleep' },
        ],
        remedies: [{ risk: 'destructive', commands: [`crictl stopp ${pod.sandbox.id}`] }],
      },
    ]);
  });

  it.each([0, 1, 4])('informs about a pause that will not reap while %d are dead', async (count) => {
    const { facts } = node(DEAF, { count });
    expect((await judge(check, facts)).findings).toMatchObject([
      { messageId: 'cannotReap', severity: 'info' },
    ]);
  });

  it.each([
    ['has a handler', { onChild: 'caught' }],
    ['reads the signal', { onChild: 'blocked' }],
    ['waits for the signal', { onChild: 'default', sleepsIn: 'do_sigtimedwait.isra.0' }],
    ['leaves it to the kernel', { onChild: 'ignored' }],
    ['waits for children', { onChild: 'default', sleepsIn: 'do_wait' }],
    ['looks from time to time', { onChild: 'default', sleepsIn: 'hrtimer_nanosleep' }],
    ['cannot be looked into', { onChild: 'default', sleepsIn: '' }],
  ] as const)('does not report a pause that %s, nor a few children of it', async (_, reaper) => {
    const { facts } = node(reaper, { count: 19 });
    expect(await judge(check, facts)).toMatchObject({ verdict: 'pass' });
  });

  it('reports many of any pause once they have some age', async () => {
    const young = node({ onChild: 'caught' }, { count: 40, ticks: YOUNG_TICKS });
    expect(await judge(check, young.facts)).toMatchObject({ verdict: 'pass' });
    const old = node({ onChild: 'caught' }, { count: 20 });
    expect((await judge(check, old.facts)).findings).toMatchObject([{ messageId: 'piling' }]);
  });

  it('does not take the signals of another process for those of the pause', async () => {
    const { facts } = node({ ...DEAF, startTicks: 1 }, { count: 4 });
    expect(await judge(check, facts)).toMatchObject({ verdict: 'pass' });
  });

  it("tells an app's own zombies as the app's, and as information", async () => {
    const { facts, pod } = node({ onChild: 'caught' }, { count: 25, of: ofApp });
    const { pid } = ofApp(pod) ?? { pid: 0 };
    expect((await judge(check, facts)).findings).toMatchObject([
      {
        messageId: 'ofApp',
        severity: 'info',
        message: `default/web has 25 zombies of app (${pid}), which does not reap its own children`,
        subject: { kind: 'process', id: String(pid) },
        remedies: [],
      },
    ]);
  });

  it("says nothing of an app's few, and of zombies outside of pods", async () => {
    const few = node(null, { count: 19, of: ofApp });
    expect(await judge(check, few.facts)).toMatchObject({ verdict: 'pass' });
    const shim = node(null, { count: 100, of: (pod) => pod.shim });
    expect(await judge(check, shim.facts)).toMatchObject({ verdict: 'pass' });
  });
});
