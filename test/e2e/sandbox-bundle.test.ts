import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../rig/process.ts';
import { type Kit, openKit } from './sandbox-kit.ts';

let kit: Kit;
let before: Record<string, string[]>;

beforeAll(async () => {
  kit = await openKit('podctl-e2e-b');
  before = kit.footprint();
  await kit.create('web', ['--network', 'none', '--hostname', 'web-0', '--dns', '10.0.0.9']);
});
afterAll(() => kit.close());

const run = (...words: string[]) => kit.sandbox(['run', 'web', ...words]);

async function succeeds(args: string[]): Promise<string> {
  const done = await kit.sandbox(args);
  expect({ args, code: done.code, stderr: done.stderr }).toEqual({ args, code: 0, stderr: '' });
  return done.stdout;
}

async function container(name: string) {
  const { containers } = JSON.parse(await succeeds(['inspect', 'web', '-o', 'json']));
  return containers.find((c: { name: string }) => c.name === name);
}

/** What a container has in common with its sandbox, as it sees it. */
const LOOK = [
  'hostname',
  'for type in net ipc uts; do readlink /proc/self/ns/$type; done',
  'cat /etc/resolv.conf /dev/shm/word',
  'ls /',
].join('; ');

async function expected(): Promise<string> {
  const { namespaces } = await kit.inspect('web');
  const links = ['net', 'ipc', 'uts'].map((type) => `${type}:[${namespaces[type]?.id.split(':')[1]}]`);
  return `${['web-0', ...links, 'nameserver 10.0.0.9', 'shared'].join('\n')}\nbin\ndev\netc\nproc\n`;
}

test.each(['--bundle', '--rootfs'])('%s: a container of another root joins the sandbox', async (option) => {
  await run('--', 'sh', '-c', 'echo shared > /dev/shm/word');
  const bundle = kit.bundle(['sh', '-c', LOOK]);
  const [folder, command] =
    option === '--bundle' ? [bundle, []] : [path.join(bundle, 'root'), ['--', '/bin/sh', '-c', LOOK]];
  const path_ = option === '--rootfs' ? ['-e', 'PATH=/bin'] : [];
  const done = await run(option, folder, ...path_, ...command);
  expect(done).toEqual({ code: 0, signal: null, stderr: '', stdout: await expected() });
  const failing = await run(
    option,
    folder,
    ...path_,
    '--',
    '/bin/sh',
    '-c',
    'echo out; echo err >&2; exit 7',
  );
  expect(failing).toMatchObject({ code: 7, stdout: 'out\n', stderr: 'err\n' });
});

test('a detached bundle has a log and an exit code, can be entered, and lives through a repair', async () => {
  const script = 'echo begun; while [ ! -e /dev/shm/end ]; do sleep 0.05; done; exit 5';
  await succeeds(['run', 'web', '-d', '--name', 'app', '--bundle', kit.bundle(['sh', '-c', script])]);
  await until('its log', async () => (await succeeds(['logs', 'web', 'app'])) === 'begun\n');
  const { pid } = await container('app');
  expect(kit.footprint().cgroups?.length).toBeGreaterThan(0);
  expect(await succeeds(['exec', 'web', '-c', 'app', '--', 'cat', '/proc/1/comm'])).toBe('sh\n');
  const { pause } = await kit.inspect('web');
  process.kill(pause.pid, 'SIGKILL');
  await succeeds(['repair', 'web']);
  expect(await container('app')).toMatchObject({ pid, running: true });
  await run('--', 'touch', '/dev/shm/end');
  await until('its end', async () => !(await container('app')).running);
  expect(await container('app')).toMatchObject({ state: 'exited', exitCode: 5 });
  await succeeds(['run', 'web', '-d', '--name', 'app', '--bundle', kit.bundle(['sleep', '1000'])]);
});

test('a bundle that cannot be run is told in one line, and leaves nothing', async () => {
  const there = kit.footprint();
  const empty = fs.mkdtempSync(path.join(kit.dir, 'empty-'));
  const broken = (change: (config: Record<string, unknown>) => unknown) => {
    const bundle = kit.bundle(['true']);
    const file = path.join(bundle, 'config.json');
    const changed = change(JSON.parse(fs.readFileSync(file, 'utf8')));
    fs.writeFileSync(file, typeof changed === 'string' ? changed : JSON.stringify(changed));
    return bundle;
  };
  const root = kit.bundle(['true']);
  const cases: [string[], number, RegExp][] = [
    [['--bundle', '/no/such/folder'], 2, /--bundle: there is no folder \/no\/such\/folder/],
    [['--bundle', root, '--rootfs', root], 2, /--rootfs and --bundle exclude each other/],
    [['--bundle', empty], 2, /config.json.*--bundle wants the folder of an OCI bundle/],
    [['--bundle', broken(() => '{')], 2, /config.json is no JSON/],
    [['--bundle', broken(() => [])], 2, /config.json is no object/],
    [['--bundle', broken((c) => ({ ...c, root: {} }))], 2, /root.path is no path/],
    [['--bundle', broken((c) => ({ ...c, root: { path: 'nowhere' } }))], 1, /nowhere|no such file/],
    [['--bundle', broken((c) => ({ ...c, process: { args: [] } }))], 2, /process.args is empty/],
    [['--bundle', kit.bundle(['/no/such/program'])], 1, /no such file/],
  ];
  for (const [words, code, message] of cases)
    for (const detached of [[], ['-d']]) {
      const done = await run(...words, ...detached);
      expect({ words, detached, code: done.code }).toEqual({ words, detached, code });
      expect(done.stderr).toMatch(message);
    }
  expect(kit.footprint()).toEqual(there);
});

test('rm takes the containers, their cgroups and the state of their runtime', async () => {
  await succeeds(['rm', '-f', 'web']);
  expect(kit.footprint()).toMatchObject({ ...before, state: expect.any(Array) });
  expect(fs.readdirSync(path.join(kit.state, 'sandboxes'))).toEqual([]);
});
