import { execFileSync, spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { until } from '../rig/process.ts';
import { type Kit, openKit } from './sandbox-kit.ts';

const GATEWAY = '10.213.7.1';
const SERVE = 'require("net").createServer(s => s.end("hello")).listen(80, () => console.log("up"))';
let kit: Kit;
let before: Record<string, string[]>;

beforeAll(async () => {
  kit = await openKit('podctl-e2e-p', { firewall: true });
  await kit.create('first', ['--network', kit.conflist, '--publish', '18080:80']);
  await kit.sandbox(['rm', 'first']);
  before = kit.footprint();
});
afterAll(() => kit.close());

const onHost = (script: string) => {
  const [enter = '', ...words] = kit.onHost;
  return execFileSync(enter, [...words, process.execPath, '-e', script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
};

/** What a server says to the host that connects to it. */
const ask = (address: string, port: number) =>
  onHost(
    `require('net').connect(${port}, '${address}').on('data', d => process.stdout.write(d)).on('error', e => process.stdout.write(e.code))`,
  );

test('a port of the host leads into a container, also after a repair, and is free again in the end', async () => {
  await kit.create('web', ['--network', kit.conflist, '--publish', '18080:80', '-p', `${GATEWAY}:18081:80`]);
  const run = await kit.sandbox(['run', 'web', '--name', 'server', '-d', '--', 'node', '-e', SERVE]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const up = async () => (await kit.sandbox(['logs', 'web', 'server'])).stdout.includes('up');
  await until('the server', up);
  const all = () => [ask('127.0.0.1', 18080), ask(GATEWAY, 18080), ask(GATEWAY, 18081)];
  expect(all()).toEqual(['hello', 'hello', 'hello']);
  expect(ask('127.0.0.1', 18081)).toBe('ECONNREFUSED');

  const { pause, namespaces } = await kit.inspect('web');
  execFileSync('nsenter', [`--net=${namespaces.net?.pin}`, 'ip', 'link', 'set', 'eth0', 'down']);
  process.kill(pause.pid, 'SIGKILL');
  expect((await kit.sandbox(['repair', 'web'])).code).toBe(0);
  expect(all()).toEqual(['hello', 'hello', 'hello']);

  expect((await kit.sandbox(['rm', '-f', 'web'])).code).toBe(0);
  expect(ask('127.0.0.1', 18080)).toBe('ECONNREFUSED');
  expect(kit.footprint()).toEqual(before);
});

test('a port that another sandbox or a process of the host has is refused, and nothing is left', async () => {
  const [enter = '', ...words] = kit.onHost;
  const listen = 'require("net").createServer().listen(18090, "127.0.0.1", () => console.log("up"))';
  const listener = spawn(enter, [...words, process.execPath, '-e', listen], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void listener.kill('SIGKILL'));
  await new Promise((resolve) => listener.stdout.once('data', resolve));
  await kit.create('web', ['--network', kit.conflist, '--publish', '18080:80']);
  const there = kit.footprint();
  const cases: [string[], RegExp][] = [
    [['18080:81'], /^error: port 18080\/tcp is in use: sandbox web has it$/],
    [[`${GATEWAY}:18080:81`], /^error: port 18080\/tcp is in use: sandbox web has it$/],
    [['18090:80'], /^error: port 18090\/tcp is in use: a process on this node listens on 127.0.0.1$/],
    [['18091:80', '18091:81'], /^error: port 18091\/tcp is in use: it is published twice$/],
  ];
  for (const [ports, message] of cases) {
    const args = ports.flatMap((port) => ['--publish', port]);
    const { code, stderr } = await kit.sandbox(['create', 'other', '--network', kit.conflist, ...args]);
    expect({ ports, code, line: stderr.split('\n')[0] }).toEqual({
      ports,
      code: 2,
      line: expect.stringMatching(message),
    });
  }
  expect(kit.footprint()).toEqual(there);
  // Another protocol, and an address that the listener is not at, are free.
  await kit.create('other', ['--network', kit.conflist, '-p', '18080:80/udp', '-p', `${GATEWAY}:18090:80`]);
  expect((await kit.sandbox(['rm', 'web', 'other'])).code).toBe(0);
  expect(kit.footprint()).toEqual(before);
});
