import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PodSummary, PodTree } from '../../src/model/inside.ts';
import type { NetnsReport } from '../../src/model/netns-report.ts';
import type { OwnerMeaning } from '../../src/model/owner-report.ts';
import type { InspectReport } from '../../src/model/truths.ts';
import { until } from '../rig/process.ts';
import { podctl, type Ran } from '../support/cli.ts';
import { type Kit, openKit } from './sandbox-kit.ts';

/** Two that share a port, as UDP servers may. */
const SERVE = `require('dgram').createSocket({ type: 'udp4', reuseAddr: true }).bind(5300, () => console.log('bound'))`;

let kit: Kit;

beforeAll(async () => {
  kit = await openKit('podctl-e2e-i');
  await kit.create('web');
  for (const name of ['one', 'two'])
    await kit.sandbox(['run', 'web', '--name', name, '-d', '--', process.execPath, '-e', SERVE]);
  await until('both to serve', async () => {
    const said = await Promise.all(['one', 'two'].map((name) => kit.sandbox(['logs', 'web', name])));
    return said.every(({ stdout }) => stdout === 'bound\n');
  });
});
afterAll(() => kit.close());

/** Runs podctl on the kit's host; a runtime on this machine is not looked for. */
function run(...args: string[]): Promise<Ran> {
  const [file = '', ...words] = [...kit.onHost, process.execPath, podctl, ...args];
  const env = { PATH: process.env.PATH ?? '', PODCTL_STATE_DIR: kit.state };
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout } = await run(...args, '-o', 'json');
  // 3: a runtime of this machine was found, and does not answer; podctl's own are seen all the same.
  expect([0, 3]).toContain(code);
  return JSON.parse(stdout) as T;
}

test('a sandbox of podctl’s own is a pod like others', async () => {
  const { id, pause, namespaces, network } = await kit.inspect('web');
  const { pods } = await json<{ pods: PodSummary[] }>('ps', 'podctl/web');
  expect(pods).toMatchObject([
    {
      id,
      title: 'podctl/web',
      provider: 'podctl',
      state: 'ready',
      pause: { pid: pause.pid },
      netns: { path: namespaces.net?.pin, host: false },
      addresses: network.addresses,
    },
  ]);
  const { pods: trees } = await json<{ pods: PodTree[] }>('tree', 'podctl/web');
  expect(trees[0]?.containers.map((c) => [c.name, c.differs, c.judged])).toEqual([
    ['one', [], true],
    ['two', [], true],
  ]);
  const { truths } = await json<InspectReport>('inspect', 'podctl/web');
  expect(truths.flatMap((t) => (t.differs === '' ? [] : [`${t.about}: ${t.differs}`]))).toEqual([]);
});

test('its network shows the host end, and two containers that share a port', async () => {
  const report = await json<NetnsReport>('netns', 'podctl/web');
  const eth0 = report.interfaces.find((i) => i.name === 'eth0');
  expect(eth0?.hostEnd).toMatchObject({ up: true, bridge: 'podctl-e2e-i' });
  expect(report.listeners.map((l) => [l.protocol, l.port, l.holders[0]?.container]).sort()).toEqual([
    ['udp', 5300, 'one'],
    ['udp', 5300, 'two'],
  ]);
  expect(report.conflicts.map((c) => [c.kind, c.message])).toEqual([
    ['shared', expect.stringMatching(/^(one and two|two and one) both listen on \*:5300: each gets a part/)],
  ]);
  expect((await run('netns', 'podctl/web')).stdout).toMatch(/^CONFLICT {2}(one|two) and/m);
});

test('its parts know their owner', async () => {
  const { id, pause, namespaces, network } = await kit.inspect('web');
  const things = [
    String(pause.pid),
    namespaces.net?.pin ?? '',
    namespaces.ipc?.pin ?? '',
    network.addresses[0]?.split('/')[0] ?? '',
    id.slice(0, 12),
  ];
  for (const thing of things) {
    const { meanings } = await json<{ meanings: OwnerMeaning[] }>('owner', thing);
    expect([thing, meanings.map((m) => [m.verdict, m.owner?.id])]).toEqual([thing, [['pod', id]]]);
  }
});

test('logs of its containers are podctl’s; its pause has none', async () => {
  expect(await run('logs', 'podctl/web', 'one')).toMatchObject({ code: 0, stdout: 'bound\n', stderr: '' });
  const pause = await run('logs', 'podctl/web');
  expect(pause).toMatchObject({ code: 1, stdout: '' });
  expect(pause.stderr).toContain('podctl/web: podctl keeps no output of a pause');
});
