import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseOnChild, reapersCollector } from '../../src/collect/reapers.ts';
import type { Process } from '../../src/model/facts.ts';
import { complete } from '../../src/model/outcome.ts';
import { lookAt } from '../support/look-at.ts';
import { bareProcess, id, ns } from '../support/node.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { linkOf, started, until } from '../support/proc-tree.ts';

const status = (masks: Record<string, string>, numbers = '412\t1') =>
  `Name:\tpause\nNSpid:\t${numbers}\n${['SigBlk', 'SigIgn', 'SigCgt']
    .map((name) => `${name}:\t${masks[name] ?? '0000000000000000'}\n`)
    .join('')}`;

test.each([
  ['a handler', { SigCgt: '0000000000014002' }, 'caught'],
  ['blocked, as for signalfd', { SigBlk: 'fffffffe7ffbfeff' }, 'blocked'],
  ['ignored', { SigIgn: '0000000000010000' }, 'ignored'],
  ['INT and TERM alone', { SigCgt: '0000000000004002' }, 'default'],
])('%s', (_, masks, expected) => {
  expect(parseOnChild(status(masks))).toBe(expected);
});

test.each([
  '',
  'NSpid:\t412\t1\n',
  status({}, '412'),
  status({}, '412\t7'),
  status({ SigCgt: 'x' }),
  status({ SigCgt: 'f'.repeat(40) }),
  '\0\xff'.repeat(1000),
])('no first process of a PID namespace, or no masks: %j', (text) => {
  expect(parseOnChild(text)).toBeNull();
});

const inPod = (pid: number, container: string, startTicks: number, pidNs = ns(9)): Process => ({
  ...bareProcess(pid, 'x'),
  startTicks,
  containerId: id(container),
  ns: { ...bareProcess(pid, 'x').ns, pid: pidNs },
});

async function reapersOf(root: string, processes: Process[]) {
  const known = {
    fact: 'processes' as const,
    summary: '',
    timeoutMs: 100,
    collect: () => complete(processes),
  };
  const { reapers } = await lookAt(root, [known, reapersCollector], ['reapers']);
  return reapers;
}

test('only the oldest process of a PID namespace that containers share is read', async () => {
  const root = temporaryFolder();
  plant(root, {
    '/proc/412/status': status({ SigCgt: '4002' }),
    '/proc/412/wchan': '__do_sys_pause',
    '/proc/500/status': status({}, '500\t1'),
    '/proc/600/status': status({}, '600'),
    '/proc/601/status': status({}, '601'),
  });
  const processes = [
    inPod(420, 'c1', 200),
    inPod(412, 'a1', 100),
    { ...inPod(413, 'a1', 50), state: 'Z' },
    // Alone in its own, and in the node's.
    inPod(500, 'c2', 100, ns(10)),
    inPod(600, 'a3', 100, ns(5)),
    inPod(601, 'c3', 200, ns(5)),
    // Gone by now.
    inPod(700, 'a4', 100, ns(11)),
    inPod(701, 'c4', 100, ns(11)),
  ];
  expect(await reapersOf(root, processes)).toMatchObject({
    status: 'complete',
    value: [{ pid: 412, startTicks: 100, onChild: 'default', sleepsIn: '__do_sys_pause' }],
  });
});

test('real pauses: one that does not reap, and ours', async () => {
  const folder = temporaryFolder();
  const careless = path.join(folder, 'careless');
  const ours = path.join(folder, 'pause');
  execFileSync('cc', ['-static', '-o', careless, 'test/rig/careless-pause.c']);
  execFileSync('make', ['-s', '-C', 'native', `OUT=${folder}`, ours]);
  for (const [program, expected] of [
    [careless, { onChild: 'default', sleepsIn: expect.stringMatching(/pause/) }],
    [ours, { onChild: 'default', sleepsIn: expect.stringMatching(/sigtimedwait/) }],
  ] as const) {
    const parent = await started('unshare', ['--pid', '--fork', '--kill-child', program], () => true);
    let pid = 0;
    await until(() => {
      const [child = ''] = childrenOf(parent);
      pid = Number(child);
      return linkOf(`/proc/${pid}/exe`) === program;
    });
    // Asleep only after it has set up its signals.
    await until(() => stateOf(pid) === 'S');
    const pidNs = ns(12);
    const read = await reapersOf('', [inPod(pid, 'a1', 1, pidNs), inPod(pid + 1e6, 'c1', 2, pidNs)]);
    expect(read).toMatchObject({ value: [{ pid, ...expected }] });
  }
});

function childrenOf(pid: number): string[] {
  return execFileSync('cat', [`/proc/${pid}/task/${pid}/children`], { encoding: 'utf8' })
    .trim()
    .split(' ');
}

function stateOf(pid: number): string {
  return execFileSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' }).split(') ')[1]?.[0] ?? '';
}
