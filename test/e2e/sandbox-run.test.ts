import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive, processId, until } from '../rig/process.ts';
import { type Kit, openKit } from './sandbox-kit.ts';

const NETWORK = 'podctl-e2e-u';
const SERVE =
  'require("net").createServer(s => s.pipe(s)).listen(7000, "127.0.0.1", () => console.log("up"))';
const ASK =
  'const s = require("net").connect(7000, "127.0.0.1"); s.on("data", d => { console.log(String(d)); s.end() }); s.write("hello")';
let kit: Kit;
let before: Record<string, string[]>;

interface Inspected {
  containers: { name: string; state: string; pid?: number }[];
}

beforeAll(async () => {
  kit = await openKit(NETWORK);
  before = kit.footprint();
  await kit.create('web', ['--network', 'none', '--hostname', 'web-0']);
});
afterAll(() => kit.close());

const run = (...words: string[]) => kit.sandbox(['run', 'web', ...words]);

async function succeeds(args: string[]): Promise<string> {
  const done = await kit.sandbox(args);
  expect({ args, code: done.code, stderr: done.stderr }).toEqual({ args, code: 0, stderr: '' });
  return done.stdout;
}

async function containers(): Promise<Inspected['containers']> {
  return (JSON.parse(await succeeds(['inspect', 'web', '-o', 'json'])) as Inspected).containers;
}

test('a program in the foreground: its output and its exit code, or that there is no such program', async () => {
  expect(await run('--', 'sh', '-c', 'echo out; echo err >&2; exit 7')).toMatchObject({
    code: 7,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect((await run('--', '/no/such/program')).code).toBe(127);
  expect((await run('--', '/etc/passwd')).code).toBe(126);
});

test('arguments and environment arrive as they were given', async () => {
  const odd = ['a b', '$(reboot)', '', '"', "'", '-x', '--', 'é\n'];
  const { stdout } = await run(
    '-e',
    'WORD=a=b c',
    '--',
    'node',
    '-p',
    'JSON.stringify([process.env.WORD, ...process.argv.slice(1)])',
    '--',
    ...odd,
  );
  expect(JSON.parse(stdout)).toEqual(['a=b c', ...odd]);
});

test('containers share address, host name, memory and hosts file, and not their processes', async () => {
  await succeeds(['run', 'web', '--name', 'server', '-d', '--', 'node', '-e', SERVE]);
  await until('the server', async () => (await succeeds(['logs', 'web', 'server'])).includes('up'));
  expect((await run('--', 'node', '-e', ASK)).stdout).toBe('hello\n');
  expect((await run('--', 'hostname')).stdout).toBe('web-0\n');
  await run('--', 'sh', '-c', 'echo shared > /dev/shm/word');
  expect((await run('--', 'cat', '/dev/shm/word')).stdout).toBe('shared\n');
  expect(fs.existsSync('/dev/shm/word')).toBe(false);
  expect((await run('--', 'cat', '/etc/hosts')).stdout).toContain('web-0');
  expect((await run('--', 'sh', '-c', 'echo $$; ls /proc | grep -c "^[0-9]"')).stdout).toMatch(
    /^1\n[2-4]\n$/,
  );
});

test('exec enters the sandbox, or one of its containers', async () => {
  const net = (await succeeds(['exec', 'web', '--', 'readlink', '/proc/self/ns/net'])).trim();
  const server = (await containers()).find((c) => c.name === 'server');
  expect(net).toBe(fs.readlinkSync(`/proc/${server?.pid}/ns/net`));
  const inside = await succeeds(['exec', 'web', '-c', 'server', '--', 'readlink', '/proc/1/ns/pid']);
  expect(inside.trim()).toBe(fs.readlinkSync(`/proc/${server?.pid}/ns/pid`));
  expect((await kit.sandbox(['exec', 'web', '--', 'sh', '-c', 'exit 5'])).code).toBe(5);
  const none = await kit.sandbox(['exec', 'web', '-c', 'nobody', '--', 'true']);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('nobody')]);
});

test('a detached container outlives its caller, keeps a log and tells how it ended', async () => {
  const script = 'echo one; echo two; exit 3';
  await succeeds(['run', 'web', '--name', 'brief', '-d', '--', 'sh', '-c', script]);
  await until('its end', async () =>
    (await containers()).some((c) => c.name === 'brief' && c.state !== 'running'),
  );
  expect(await succeeds(['logs', 'web', 'brief'])).toBe('one\ntwo\n');
  expect(await succeeds(['logs', 'web', 'brief', '--tail', '1'])).toBe('two\n');
  expect(await succeeds(['logs', 'web', 'brief', '--timestamps'])).toMatch(/^\d{4}-\d\d-\d\dT\S+ .*one\n/);
  expect(await containers()).toContainEqual(expect.objectContaining({ name: 'brief', exitCode: 3 }));
});

test('a name in use and names that are none are refused, and nothing is started', async () => {
  const known = await containers();
  for (const name of ['server', 'Upper', '../x', '', '\u001b[31m']) {
    const refused = await run('--name', name, '-d', '--', 'sleep', '1000');
    expect({ name, code: refused.code, lines: refused.stderr.trim().split('\n').length <= 2 }).toEqual({
      name,
      code: 2,
      lines: true,
    });
    expect(refused.stderr).not.toContain('\u001b');
  }
  expect((await containers()).map((c) => c.name)).toEqual(known.map((c) => c.name));
});

test('the connection of two containers lives through the death of pause and its repair', async () => {
  const talk = ASK.replace('s.end()', '').replace('s.write("hello")', 'setInterval(() => s.write("."), 20)');
  await succeeds(['run', 'web', '--name', 'client', '-d', '--', 'node', '-e', talk]);
  const answers = async () => (await succeeds(['logs', 'web', 'client'])).length;
  await until('answers', async () => (await answers()) > 0);
  const { pause } = await kit.inspect('web');
  process.kill(pause.pid, 'SIGKILL');
  await succeeds(['repair', 'web']);
  const soFar = await answers();
  await until('more answers', async () => (await answers()) > soFar);
  expect((await containers()).find((c) => c.name === 'client')?.state).toBe('running');
  expect(await succeeds(['check', 'web'])).toBe('');
});

test('rm ends the containers and leaves nothing', async () => {
  const pids = (await containers()).flatMap((c) =>
    c.state === 'running' && c.pid ? [processId(c.pid)] : [],
  );
  expect(pids.length).toBeGreaterThan(0);
  await succeeds(['rm', '-f', 'web']);
  expect(pids.filter((one) => one !== null && isAlive(one))).toEqual([]);
  await until('nothing to be left', () => {
    const after = kit.footprint();
    return Object.keys(before).every(
      (kind) => kind === 'state' || (after[kind] ?? []).length <= (before[kind] ?? []).length,
    );
  });
  expect(fs.readdirSync(path.join(kit.state, 'sandboxes'))).toEqual([]);
});
