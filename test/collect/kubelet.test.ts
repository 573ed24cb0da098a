import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { gather } from '../../src/collect/gather.ts';
import { kubeletCollector, parseKubeletVersion } from '../../src/collect/kubelet.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Daemon } from '../../src/model/facts.ts';
import { daemon, lookAt, running } from '../support/look-at.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { linkOf, started } from '../support/proc-tree.ts';

test.each([
  ['Kubernetes v1.36.2\n', '1.36.2'],
  ['Kubernetes v1.30.0-rc.1+k3s1\n', '1.30.0-rc.1+k3s1'],
  ['sleep (GNU coreutils) 9.1\n', null],
  ['Kubernetes v1\n', null],
  ['xKubernetes v1.2.3', null],
  ['', null],
])('%j', (text, version) => {
  expect(parseKubeletVersion(text)).toBe(version);
});

test('no kubelet: absent', async () => {
  const facts = await lookAt(
    temporaryFolder(),
    [running(daemon('containerd')), kubeletCollector],
    ['kubelet'],
  );
  expect(facts.kubelet).toMatchObject({ status: 'absent', reason: 'no kubelet runs' });
});

test('below a root nothing is run: the version is not known', async () => {
  const root = temporaryFolder();
  plant(root, { '/proc/stat': 'btime 1795376170\n' });
  const kubelet = { ...daemon('kubelet', { 'root-dir': '/var/lib/kubelet' }), startTicks: 511170 };
  const { kubelet: outcome } = await lookAt(root, [running(kubelet), kubeletCollector], ['kubelet']);
  expect(outcome).toMatchObject({
    status: 'complete',
    value: {
      pid: 100,
      version: null,
      startedAt: 1795376170000 + 5111700,
      flags: { 'root-dir': '/var/lib/kubelet' },
    },
  });
  expect(outcome && 'problems' in outcome && outcome.problems).toHaveLength(1);
});

/** A program that sleeps, and says `text` when it is asked for its version. */
function compileKubelet(text: string): string {
  const folder = temporaryFolder();
  plant(folder, {
    '/kubelet.c': `#include <stdio.h>\n#include <unistd.h>\nint main(int argc, char **argv) {
      if (argc > 1) return printf("%s\\n", ${JSON.stringify(text)}) < 0;
      for (;;) pause();
    }\n`,
  });
  const program = path.join(folder, 'kubelet');
  execFileSync('cc', ['-o', program, path.join(folder, 'kubelet.c')]);
  fs.chmodSync(program, 0o755);
  return program;
}

const start = (program: string) => started(program, [], (p) => linkOf(`/proc/${p}/exe`) === program);

async function lookAtKubelet(pid: number, change: Partial<Daemon> = {}) {
  const host = createReadHost();
  const kubelet: Daemon = { ...daemon('kubelet'), pid, mnt: host.nsId('/proc/self/ns/mnt'), ...change };
  const options = { env: {}, rpcTimeoutMs: 1000 };
  const collectors = [running(kubelet), kubeletCollector];
  const { kubelet: outcome } = await gather(
    collectors,
    ['kubelet'],
    host,
    options,
    new AbortController().signal,
  );
  if (outcome?.status !== 'complete') throw new Error(JSON.stringify(outcome));
  return { version: outcome.value.version, problems: outcome.problems?.map((p) => p.message) ?? [] };
}

/** Nothing but root's own programs are asked. */
const root = process.getuid?.() === 0;

test('the program that runs tells its version, also when its file is gone', async () => {
  const program = compileKubelet('Kubernetes v1.36.2');
  const pid = await start(program);
  const version = root ? '1.36.2' : null;
  expect((await lookAtKubelet(pid)).version).toBe(version);
  fs.rmSync(program);
  expect((await lookAtKubelet(pid)).version).toBe(version);
});

test('a program that others may write, or of another mount namespace, is not run', async () => {
  const program = compileKubelet('Kubernetes v6.6.6');
  const pid = await start(program);
  fs.chmodSync(program, 0o757);
  const writable = await lookAtKubelet(pid);
  expect(writable.version).toBeNull();
  expect(writable.problems[0]).toContain('not run');
  fs.chmodSync(program, 0o755);
  const elsewhere = await lookAtKubelet(pid, { mnt: '4:1' });
  expect(elsewhere.version).toBeNull();
  expect(elsewhere.problems[0]).toContain('another mount namespace');
});

test('what is no version is none', async () => {
  const seen = await lookAtKubelet(await start(compileKubelet('kubelet, of course')));
  expect(seen.version).toBeNull();
  expect(seen.problems).toHaveLength(1);
});
