import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Collector } from '../../src/collect/collector.ts';
import { gather } from '../../src/collect/gather.ts';
import { runtimeLogCollector } from '../../src/collect/runtime-log.ts';
import { createReadHost, type ReadHost } from '../../src/host/read-host.ts';
import type { Daemon, FactName, Facts } from '../../src/model/facts.ts';
import { complete, failed, type Gathered } from '../../src/model/outcome.ts';
import { daemon, running } from '../support/look-at.ts';
import { emptyNode, id, PAUSE } from '../support/node.ts';
import { temporaryFolder } from '../support/node-tree.ts';

const WAITING = 'time="2026-11-24T23:20:02Z" level=warning msg="waiting for response from boltdb open"\n';

/** A process whose stderr is open on a file, or goes nowhere. */
function daemonWriting(stderr: number | 'ignore' | 'pipe', flags: Daemon['flags'] = {}): Daemon {
  const child = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', stderr] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { ...daemon('containerd', flags), pid: child.pid ?? 0 };
}

function given<N extends FactName>(fact: N, gathered: Gathered<Facts[N]>): Collector {
  return { fact, summary: 'given', timeoutMs: 1000, collect: () => gathered };
}

async function log(daemons: Daemon[], others: Collector[] = [], host: ReadHost = createReadHost()) {
  const collectors = [running(...daemons), ...others, runtimeLogCollector];
  const look = { env: {}, rpcTimeoutMs: 1000 };
  const facts = await gather(
    collectors,
    collectors.map((c) => c.fact),
    host,
    look,
    new AbortController().signal,
  );
  return facts.runtimeLog;
}

test('reads the file that a daemon writes, also when it was removed, and its end only', async () => {
  const file = path.join(temporaryFolder(), 'containerd.log');
  const fd = fs.openSync(file, 'w');
  fs.writeSync(fd, `${WAITING}${'x'.repeat(1024 * 1024)}\n${WAITING}`);
  const one = daemonWriting(fd);
  fs.closeSync(fd);
  const event = { kind: 'database-locked', fields: {}, count: 1, last: Date.parse('2026-11-24T23:20:02Z') };
  const expected = { pid: one.pid, kind: 'containerd', source: file, events: [event] };
  expect(await log([one])).toMatchObject({ status: 'complete', value: [expected] });
  fs.rmSync(file);
  expect(await log([one])).toMatchObject({ value: [{ ...expected, source: `${file} (deleted)` }] });
});

test("a log beside containerd's root is read where stderr is a pipe, and a link there is not followed", async () => {
  const root = temporaryFolder();
  const file = path.join(root, 'containerd.log');
  fs.writeFileSync(file, WAITING);
  const one = daemonWriting('pipe', { root });
  expect(await log([one])).toMatchObject({
    value: [{ source: file, events: [{ kind: 'database-locked' }] }],
  });
  fs.renameSync(file, `${file}.1`);
  fs.symlinkSync(`${file}.1`, file);
  expect(await log([one])).toMatchObject({ status: 'absent' });
});

test('no daemon, and one that says nothing, have no log', async () => {
  expect(await log([])).toMatchObject({ status: 'absent' });
  expect(await log([daemonWriting('ignore')])).toMatchObject({ status: 'absent' });
  expect(await log([{ ...daemon('kubelet'), pid: process.pid }])).toMatchObject({ status: 'absent' });
});

/** This machine, with a journal that says one thing. */
function withJournal(asked: string[][]): ReadHost {
  const host = createReadHost();
  return {
    ...host,
    stat: (p, o) =>
      p === '/run/systemd/journal/stdout' ? { ...host.stat('/proc'), type: 'socket' } : host.stat(p, o),
    readLink: (p) => (p === '/proc/100/fd/2' ? 'socket:[77]' : host.readLink(p)),
    async run(file, args) {
      asked.push([file, ...args]);
      return { exitCode: 0, stdout: WAITING, stderr: '', timedOut: false, startError: null };
    },
  };
}

const node = emptyNode();
const healthy: Record<string, Collector> = {
  host: given('host', complete(node.host)),
  podOwners: given(
    'podOwners',
    complete({
      ...node.podOwners,
      folders: [{ path: '/var/lib/kubelet/pods/u', uid: 'u', mtime: node.host.now - 1000 }],
    }),
  ),
  runtime: given('runtime', complete(node.runtime)),
  runtimeConfig: given('runtimeConfig', complete(node.runtimeConfig)),
  images: given('images', complete(node.images)),
  sandboxes: given('sandboxes', complete(node.sandboxes)),
  store: given('store', complete(node.store)),
};

const sandbox = {
  id: id('a'),
  name: 'a',
  namespace: 'n',
  uid: 'u',
  attempt: 0,
  createdAt: 1,
  runtimeHandler: '',
};
const record = {
  id: id('b'),
  kind: 'sandbox' as const,
  name: null,
  netnsPath: null,
  sandboxId: null,
  modes: null,
  image: PAUSE,
  imageId: null,
  createdAt: 1,
};

test.each<[string, Collector]>([
  ['a runtime that does not answer', given('runtime', failed('timeout', 'no answer'))],
  ['a sandbox image that is not there', given('images', complete([]))],
  ['a sandbox that is not ready', given('sandboxes', complete([{ ...sandbox, state: 'notready' }]))],
  [
    'a pod that kubelet made a folder for and that has no sandbox',
    given(
      'podOwners',
      complete({
        ...node.podOwners,
        folders: [{ path: '/var/lib/kubelet/pods/u', uid: 'u', mtime: node.host.now - 60_000 }],
      }),
    ),
  ],
  ['a sandbox that is not listed', given('store', complete({ records: [record], sandboxes: null }))],
])('asks the journal for %s', async (_, abnormal) => {
  const asked: string[][] = [];
  const others = Object.values({ ...healthy, [abnormal.fact]: abnormal });
  const outcome = await log([daemon('containerd')], others, withJournal(asked));
  expect(outcome).toMatchObject({
    value: [{ pid: 100, source: 'journalctl _PID=100', events: [{ count: 1 }] }],
  });
  expect(asked).toEqual([
    ['journalctl', '--quiet', '--no-pager', '--output', 'cat', '--lines', '2000', '_PID=100'],
  ]);
});

test('asks nothing on a healthy node, and for the unit where no daemon runs, or none that stays', async () => {
  const asked: string[][] = [];
  expect(await log([daemon('containerd')], Object.values(healthy), withJournal(asked))).toMatchObject({
    status: 'absent',
  });
  expect(asked).toEqual([]);
  const gone = given('runtime', failed('unavailable', 'refused'));
  const ofUnit = { value: [{ pid: null, source: 'journalctl --unit containerd' }] };
  expect(await log([], [gone], withJournal(asked))).toMatchObject(ofUnit);
  expect(await log([daemon('containerd')], [gone], withJournal(asked))).toMatchObject(ofUnit);
});
