import { execFileSync, spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { initPid, makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { podctl } from '../support/cli.ts';
import { type Kit, openKit } from './sandbox-kit.ts';

const OURS = ['sandbox/half-created', 'sandbox/network-drift', 'netns/pin-lost'];
let kit: Kit;

beforeAll(async () => {
  kit = await openKit('podctl-e2e-d');
});
afterAll(() => kit.close());

/** What the doctor says on the kit's host. */
function examine(args: string[]): Promise<Report['checks']> {
  const [file = '', ...words] = [...kit.onHost, process.execPath, podctl, 'doctor', '-o', 'json', ...args];
  const env = { PATH: process.env.PATH ?? '', PODCTL_STATE_DIR: kit.state };
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.once('error', reject);
    child.once('close', () => {
      const { checks }: Report = JSON.parse(text);
      resolve(checks);
    });
  });
}

/** What it finds of podctl's own sandboxes; a runtime on this machine is not looked for. */
async function doctor() {
  return (await examine([...OURS, '--min-age', '0s'])).flatMap(({ id, findings }) =>
    findings.map(({ messageId, message, remedies }) => ({
      id,
      messageId,
      message,
      commands: remedies.flatMap((r) => r.commands),
    })),
  );
}

test('the doctor names what is wrong with a sandbox, and its cure is the cure', async () => {
  await kit.create('web');
  await kit.create('half', ['--network', 'none']);
  expect(await doctor()).toEqual([]);
  const { namespaces } = await kit.inspect('web');
  execFileSync('nsenter', [`--net=${namespaces.net?.pin}`, 'ip', 'link', 'set', 'eth0', 'down']);
  execFileSync('umount', [namespaces.net?.pin ?? '']);
  await kit.sandbox(['rm', 'half'], { PODCTL_FAULT: 'after:3' });
  const found = await doctor();
  expect(found).toMatchObject([
    { id: 'netns/pin-lost', messageId: 'unmounted', commands: ['podctl sandbox repair web'] },
    { id: 'sandbox/half-created', messageId: 'removing', commands: ['podctl sandbox repair half'] },
    { id: 'sandbox/network-drift', messageId: 'drift', commands: ['podctl sandbox repair web'] },
  ]);
  expect(found[2]?.message).toContain('interface eth0 is down');
  for (const command of new Set(found.flatMap((f) => f.commands)))
    expect((await kit.sandbox(command.split(' ').slice(2))).code).toBe(0);
  expect(await doctor()).toEqual([]);
});

test('beside a runtime that hangs, podctl names its own sandboxes and accuses none of the runtime', async () => {
  await withRig('2.x', {}, async (containerd) => {
    const pod = await makePod(containerd, { name: 'theirs' });
    await kit.create('alone', ['--network', 'none']);
    await kit.create('shared', ['--network', 'none', '--share-pid']);
    onTestFinished(async () => {
      await kit.sandbox(['rm', '-f', 'alone', 'shared']);
    });
    for (const name of ['alone', 'shared'])
      await kit.sandbox(['run', name, '--name', 'app', '-d', '--', 'sleep', '1000']);
    const checks = ['sandbox/*', 'netns/*', '-r', containerd.socket, '-t', '1s', '--min-age', '0s'];
    const judged = async () =>
      (await examine(checks)).map(({ id, verdict, findings }) => [
        id,
        verdict,
        findings.map((f) => f.subject.name),
      ]);
    expect((await judged()).filter(([, verdict]) => verdict === 'unknown')).toEqual([]);
    process.kill(containerd.pid(), 'SIGSTOP');
    try {
      process.kill((await kit.inspect('alone')).pause.pid, 'SIGKILL');
      const found = await judged();
      expect(found).toContainEqual(['sandbox/anchor-lost', 'found', ['podctl/alone']]);
      expect(found).toContainEqual(['sandbox/orphaned-pause', 'unknown', []]);
      const others = found.flatMap(([, , names]) => names).filter((name) => name !== 'podctl/alone');
      expect(others).toEqual([]);
      expect(initPid(containerd, pod.id)).toBeGreaterThan(0);
    } finally {
      process.kill(containerd.pid(), 'SIGCONT');
    }
  });
});
