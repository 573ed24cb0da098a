import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kit, openKit } from './sandbox-kit.ts';

const NETWORK = 'podctl-e2e-c';
let kit: Kit;
let before: Record<string, string[]>;

beforeAll(async () => {
  kit = await openKit(NETWORK);
  await kit.create('first');
  await kit.sandbox(['rm', 'first']);
  before = kit.footprint();
});
afterAll(() => kit.close());

const write = (name: string, content: string) => {
  const file = path.join(kit.dir, name);
  fs.writeFileSync(file, content);
  return file;
};

test('a sandbox has its own hostname, hosts, resolv.conf, sysctls and labels, and gives them back', async () => {
  const pod = write(
    'pod.json',
    JSON.stringify({
      metadata: { name: 'web', namespace: 'shop', uid: 'u-1', attempt: 2 },
      hostname: 'shop-web',
      log_directory: '/tmp/logs',
      dns_config: { servers: ['10.96.0.10'], searches: ['shop.svc'], options: ['ndots:5'] },
      labels: { app: 'web' },
      linux: {
        cgroup_parent: '/x',
        sysctls: { 'net.ipv4.ip_unprivileged_port_start': '80', 'kernel.shm_rmid_forced': '1' },
        security_context: { namespace_options: { network: 0, pid: 'CONTAINER', ipc: 0 } },
      },
    }),
  );
  const made = await kit.sandbox([
    'create',
    '-f',
    pod,
    '--network',
    kit.conflist,
    '-l',
    'tier=front',
    '-o',
    'json',
  ]);
  expect([made.code, made.stderr]).toEqual([
    0,
    "note: log_directory has no effect on podctl's sandboxes\nnote: linux.cgroup_parent has no effect on podctl's sandboxes\n",
  ]);
  const status = JSON.parse(made.stdout);
  expect(status).toMatchObject({
    schema: 'podctl.sandbox-status/v1',
    name: 'web',
    state: 'ready',
    hostname: 'shop-web',
    labels: { app: 'web', tier: 'front' },
    anchors: ['pins', 'pause'],
  });
  const file = (name: string) => fs.readFileSync(path.join(status.folder, name), 'utf8');
  const address = status.network.addresses[0].split('/')[0];
  expect(file('hosts')).toContain(`${address}\tshop-web\n`);
  expect(file('resolv.conf')).toBe('nameserver 10.96.0.10\nsearch shop.svc\noptions ndots:5\n');
  const inside = (...command: string[]) =>
    execFileSync(
      'nsenter',
      ['net', 'uts', 'ipc'].map((t) => `--${t}=${status.namespaces[t].pin}`).concat(command),
      { encoding: 'utf8' },
    ).trim();
  expect(inside('hostname')).toBe('shop-web');
  expect(inside('cat', '/proc/sys/net/ipv4/ip_unprivileged_port_start')).toBe('80');
  const ls = await kit.sandbox(['ls']);
  expect(ls.stdout).toMatch(/^SANDBOX ID +NAME +STATE +ADDRESS/);
  expect(ls.stdout).toContain(`web    ready   ${address}`);
  expect((await kit.sandbox(['stop', 'web', '-t', '1s'])).code).toBe(0);
  expect((await kit.inspect('web')).phase).toBe('stopped');
  expect(kit.footprint()).toMatchObject({ ...before, mounts: expect.any(Array), state: expect.any(Array) });
  expect((await kit.sandbox(['repair', 'web'])).stdout).toBe('web: nothing to repair\n');
  expect((await kit.sandbox(['rm', status.id.slice(0, 8)])).stdout).toBe('web\n');
  expect(kit.footprint()).toEqual(before);
});

test('two at one name, or on one sandbox: never both', async () => {
  const tries = await Promise.all(
    Array.from({ length: 4 }, () => kit.sandbox(['create', 'web', '--network', 'none'])),
  );
  expect(tries.map((t) => t.code).sort()).toEqual([0, 2, 2, 2]);
  expect(tries.find((t) => t.code === 2)?.stderr).toMatch(
    /^error: the name web is in use by sandbox \w{13} \(\w+\)\n/,
  );
  const { pause } = await kit.inspect('web');
  process.kill(pause.pid, 'SIGKILL');
  const repairs = await Promise.all(Array.from({ length: 3 }, () => kit.sandbox(['repair', 'web'])));
  expect(repairs.map((r) => r.code)).toEqual([0, 0, 0]);
  expect(repairs.filter((r) => r.stdout === 'web: nothing to repair\n')).toHaveLength(2);
  const ends = await Promise.all(Array.from({ length: 3 }, () => kit.sandbox(['rm', '-f', 'web'])));
  expect(ends.map((r) => r.code)).toEqual([0, 0, 0]);
  expect(kit.footprint()).toEqual(before);
});

test('a sandbox with processes in it is not removed without force', async () => {
  await kit.create('web');
  const { pid } = await kit.enter('web', ['/bin/sleep', '86400']);
  const refused = await kit.sandbox(['rm', 'web']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toBe(
    `error: sleep (process ${pid}) run in sandbox web\nhint: podctl sandbox rm -f web\n`,
  );
  expect((await kit.sandbox(['rm', '-f', 'web'])).code).toBe(0);
  expect(kit.footprint()).toEqual(before);
});

test('a network that fails is rolled back, and one whose plugin is lost can be left', async () => {
  const bin = path.join(kit.dir, 'bin');
  fs.cpSync(kit.cniBin, bin, { recursive: true });
  const failing = path.join(bin, 'failing');
  const program = (body: string) =>
    fs.writeFileSync(
      failing,
      `#!${process.execPath}\nconst conf = JSON.parse(require('fs').readFileSync(0)), verb = process.env.CNI_COMMAND;\n${body}\n`,
      { mode: 0o755 },
    );
  const conf = JSON.parse(fs.readFileSync(kit.conflist, 'utf8'));
  const conflist = write(
    'failing.conflist',
    JSON.stringify({ ...conf, plugins: [...conf.plugins, { type: 'failing' }] }),
  );
  const args = ['create', 'web', '--network', conflist, '--cni-bin-dir', bin];
  program(
    `if (verb !== 'DEL') { console.log('{"cniVersion":"1.0.0","code":11,"msg":"no luck"}'); process.exit(1); }`,
  );
  const failed = await kit.sandbox(args);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/^error: sandbox web could not be made: .*failing.*no luck/);
  expect(kit.footprint()).toEqual(before);

  program(`if (verb === 'ADD') console.log(JSON.stringify(conf.prevResult));`);
  expect((await kit.sandbox(args)).code).toBe(0);
  fs.rmSync(failing);
  const stuck = await kit.sandbox(['rm', 'web']);
  expect([stuck.code, stuck.stderr]).toEqual([1, expect.stringContaining('plugin "failing" cannot be used')]);
  const forced = await kit.sandbox(['rm', '-f', 'web']);
  expect([forced.code, forced.stderr]).toEqual([0, expect.stringMatching(/^warning: web: .*failing/)]);
  const { cache: _, ...rest } = kit.footprint();
  expect({ ...rest, cache: before.cache }).toEqual(before);
  for (const name of fs.readdirSync('/var/lib/cni/results'))
    if (name.startsWith(`${NETWORK}-`)) fs.rmSync(path.join('/var/lib/cni/results', name));
});

test("podctl's own network needs no configuration, and goes with its last sandbox", async () => {
  const made = await kit.sandbox(['create', 'web', '--cni-conf-dir', kit.dir, '-o', 'json']);
  expect(made.stderr).toMatch(/^(note: network podctl does without .*\n)*$/);
  const { network } = JSON.parse(made.stdout);
  expect(network).toMatchObject({ name: 'podctl', file: '', attached: true });
  expect(kit.footprint().links).toContain('podctl0');
  expect((await kit.sandbox(['check', 'web'])).stdout).toBe('');
  await kit.create('other', ['--cni-conf-dir', kit.dir]);
  expect((await kit.sandbox(['rm', 'web'])).code).toBe(0);
  expect(kit.footprint().links).toContain('podctl0');
  expect((await kit.sandbox(['rm', 'other'])).code).toBe(0);
  expect(kit.footprint()).toEqual(before);
  expect(fs.existsSync('/run/podctl/network')).toBe(false);
});

test('records that cannot be read are named and kept', async () => {
  await kit.create('web', ['--network', 'none']);
  const [name = ''] = fs.readdirSync(path.join(kit.state, 'records'));
  const file = path.join(kit.state, 'records', name);
  const whole = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, whole.slice(0, 200));
  const ls = await kit.sandbox(['ls']);
  expect(ls.stdout).toContain('unknown');
  expect(ls.stderr).toContain(`the record ${file} is cut off, or no JSON`);
  expect((await kit.sandbox(['rm', '-f', name.slice(0, 10)])).code).toBe(2);
  expect([(await kit.sandbox(['repair', '--all'])).code, (await kit.sandbox(['check'])).code]).toEqual([
    3, 3,
  ]);
  expect(fs.readFileSync(file, 'utf8')).toBe(whole.slice(0, 200));
  fs.writeFileSync(file, whole);
  expect((await kit.sandbox(['rm', 'web'])).code).toBe(0);
  expect(kit.footprint()).toEqual(before);
});
