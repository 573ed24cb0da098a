import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Kit, openKit, type SandboxStatus } from './sandbox-kit.ts';

const NETWORK = 'podctl-e2e-r';
const echo = path.join(import.meta.dirname, 'echo.mjs');
let kit: Kit;

beforeAll(async () => {
  kit = await openKit(NETWORK);
  // The bridge stays when the first sandbox goes.
  await kit.create('first');
  await kit.sandbox(['rm', 'first']);
});
afterAll(() => kit.close());

const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');

async function until(file: string, text: string): Promise<void> {
  while (!read(file).includes(text)) {
    if (read(file).includes('broken')) throw new Error(read(file));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function identity({ namespaces, network }: SandboxStatus) {
  const links = network.links.map(({ name, index, mac }) => ({ name, index, mac }));
  return { ns: Object.values(namespaces).map((n) => n.id), addresses: network.addresses, links };
}

async function make(name: string): Promise<SandboxStatus> {
  await kit.create(name);
  onTestFinished(async () => {
    await kit.sandbox(['rm', '-f', name]);
  });
  return kit.inspect(name);
}

const succeeds = async (args: string[]) => {
  const done = await kit.sandbox(args);
  expect({ args, code: done.code, stderr: done.stderr }).toEqual({ args, code: 0, stderr: '' });
  return done.stdout;
};

test('connections live through the death of pause and its repair', async () => {
  const before = await make('web');
  const address = before.network.addresses[0]?.split('/')[0] ?? '';
  const words = path.join(kit.dir, 'words');
  fs.mkdirSync(words);
  const node = [process.execPath, echo];
  const server = await kit.enter('web', [...node, 'server', '0.0.0.0', '7000']);
  await until(server.log, 'listening');
  const beside = await kit.enter('web', [...node, 'client', '127.0.0.1', '7000', words]);
  const fromHost = path.join(kit.dir, 'host.log');
  const [file = '', ...args] = [...kit.onHost, ...node, 'client', address, '7000', words];
  const client = spawn(file, args, { stdio: ['ignore', fs.openSync(fromHost, 'w'), 'inherit'] });
  onTestFinished(() => {
    client.kill('SIGKILL');
  });
  fs.writeFileSync(path.join(words, 'first'), '');
  for (const log of [beside.log, fromHost]) await until(log, 'got first');

  process.kill(before.pause.pid, 'SIGKILL');
  const check = await kit.sandbox(['check', 'web']);
  expect([check.code, check.stdout]).toEqual([1, `web: pause ${before.pause.pid} is dead\n`]);
  expect((await kit.inspect('web')).state).toBe('notready');
  expect(await succeeds(['repair', 'web'])).toContain('1 of 1 steps done, 0 differences left');

  const after = await kit.inspect('web');
  expect(after.state).toBe('ready');
  expect(after.pause.pid).not.toBe(before.pause.pid);
  expect(identity(after)).toEqual(identity(before));
  expect(after.otherProcesses.map((p) => p.pid)).toEqual(expect.arrayContaining([server.pid, beside.pid]));
  fs.writeFileSync(path.join(words, 'second'), '');
  for (const log of [beside.log, fromHost]) await until(log, 'got second');
  expect(await succeeds(['repair', 'web'])).toBe('web: nothing to repair\n');
});

test('lost pins are made again from a process in the namespaces', async () => {
  const before = await make('web');
  const pins = Object.values(before.namespaces).map((n) => n.pin);
  for (const pin of pins) execFileSync('umount', [pin]);
  fs.rmSync(pins[0] ?? '');
  const check = await kit.sandbox(['check', 'web']);
  expect(check.stdout).toContain(`the pin ${pins[0]} is missing`);
  expect(check.stdout).toContain(`the pin ${pins[1]} is there, but nothing is mounted on it`);
  expect((await kit.inspect('web')).namespaces.net?.id).toBe(before.namespaces.net?.id);
  await succeeds(['repair', 'web']);
  expect(await kit.inspect('web')).toEqual({ ...before, anchors: ['pins', 'pause'] });
  expect(await succeeds(['check', 'web'])).toBe('');
});

test.each([
  ['the link is deleted', ['ip', 'link', 'delete', 'eth0'], 'interface eth0 is missing'],
  ['the address is taken away', ['ip', 'address', 'flush', 'dev', 'eth0'], 'address 10.213.7.'],
  ['the link is down', ['ip', 'link', 'set', 'eth0', 'down'], 'interface eth0 is down'],
  ['the default route is gone', ['ip', 'route', 'delete', 'default'], 'route to 0.0.0.0/0 is missing'],
])('network drift: %s', async (_, damage, told) => {
  const before = await make('web');
  execFileSync('nsenter', [`--net=${before.namespaces.net?.pin}`, ...damage]);
  expect((await kit.sandbox(['check', 'web'])).stdout).toContain(told);
  await succeeds(['repair', 'web']);
  const after = await kit.inspect('web');
  expect(after.network.addresses).toEqual(before.network.addresses);
  expect(after.namespaces).toEqual(before.namespaces);
  expect(await succeeds(['check', 'web'])).toBe('');
});

test('the host end taken out of the bridge is drift, and is repaired', async () => {
  const before = await make('web');
  const ports = () =>
    execFileSync(
      kit.onHost[0] ?? '',
      [...kit.onHost.slice(1), 'ip', '-o', 'link', 'show', 'master', NETWORK],
      {
        encoding: 'utf8',
      },
    );
  const veth = /: (veth\w+)@/.exec(ports())?.[1] ?? '';
  execFileSync(kit.onHost[0] ?? '', [...kit.onHost.slice(1), 'ip', 'link', 'set', veth, 'nomaster']);
  expect((await kit.sandbox(['check', 'web'])).stdout).toContain(`the host end ${veth} is not in ${NETWORK}`);
  await succeeds(['repair', 'web']);
  expect((await kit.inspect('web')).network.addresses).toEqual(before.network.addresses);
});

test('nothing holds the namespaces any more: they are made anew, with the same address', async () => {
  const before = await make('web');
  process.kill(before.pause.pid, 'SIGKILL');
  for (const { pin } of Object.values(before.namespaces)) execFileSync('umount', [pin]);
  expect((await kit.sandbox(['check', 'web'])).stdout).toContain('nothing holds its net namespace any more');
  await succeeds(['repair', 'web']);
  const after = await kit.inspect('web');
  expect([after.state, after.network.addresses]).toEqual(['ready', before.network.addresses]);
  expect(await succeeds(['check', 'web'])).toBe('');
});

test('after a reboot only the disk side is left, and repair clears it', async () => {
  const before = kit.footprint();
  const { id, pause, namespaces } = await make('web');
  process.kill(pause.pid, 'SIGKILL');
  for (const { pin } of Object.values(namespaces)) execFileSync('umount', [pin]);
  execFileSync('umount', [path.join(kit.state, 'sandboxes', id, 'shm')]);
  const file = path.join(kit.state, 'records', `${id}.json`);
  const record = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.writeFileSync(file, JSON.stringify({ ...record, bootId: 'another' }), { mode: 0o600 });
  const told = await succeeds(['repair', 'web']);
  expect(told).toContain('the machine was started anew since');
  expect(told).toContain('it was removed');
  expect(kit.footprint()).toEqual(before);
});

test('pause of a shared PID namespace: repair says what the kernel did', async () => {
  await kit.create('shared', ['--network', 'none', '--share-pid']);
  onTestFinished(async () => {
    await kit.sandbox(['rm', '-f', 'shared']);
  });
  const { pause } = await kit.inspect('shared');
  process.kill(pause.pid, 'SIGKILL');
  expect(await succeeds(['repair', 'shared'])).toContain(
    'the kernel ended all that shared its PID namespace',
  );
  expect((await kit.inspect('shared')).state).toBe('ready');
});

test('a file of the sandbox that is gone or a link is drift, and is written anew', async () => {
  await kit.create('web', ['--network', 'none']);
  const { folder } = await kit.inspect('web');
  fs.rmSync(path.join(folder, 'resolv.conf'));
  fs.rmSync(path.join(folder, 'hosts'));
  const elsewhere = path.join(kit.dir, 'elsewhere');
  fs.writeFileSync(elsewhere, 'kept');
  fs.symlinkSync(elsewhere, path.join(folder, 'hosts'));
  const check = await kit.sandbox(['check', 'web']);
  expect([check.code, check.stdout]).toEqual([1, 'web: its hosts is missing, or no file\n']);
  expect(await succeeds(['repair', 'web'])).toContain('0 differences left');
  expect(fs.readFileSync(elsewhere, 'utf8')).toBe('kept');
  expect(await succeeds(['exec', 'web', '--', 'cat', '/etc/hosts'])).toContain('web');
  await succeeds(['rm', 'web']);
});
