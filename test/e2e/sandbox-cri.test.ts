import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import { APP_IMAGE } from '../rig/images.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { execIn, initPid, pinOf } from '../rig/pods.ts';
import { until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { folderForFile, type Ran, type RunOptions, runPodctl } from '../support/cli.ts';
import { examine, seenIn } from './doctor.ts';

const { available } = await runtimes(['1.6', '2.x']);
const dir = folderForFile();

/** Runs `podctl sandbox VERB --via cri` on a rig. */
function through(containerd: Containerd, state: string) {
  const call = (args: string[], options: RunOptions = {}): Promise<Ran> => {
    const own = args.includes('--') ? args.indexOf('--') : args.length;
    const via = ['--via', 'cri', '-r', containerd.socket, '--state-dir', state];
    return runPodctl(['sandbox', ...args.slice(0, own), ...via, ...args.slice(own)], options);
  };
  const succeed = async (...args: string[]) => {
    const done = await call(args);
    expect({ args, code: done.code, stderr: done.stderr }).toEqual({ args, code: 0, stderr: '' });
    return done.stdout.trim();
  };
  return { call, succeed };
}

async function refused(ran: Promise<Ran>, message: RegExp, code = 2): Promise<void> {
  const done = await ran;
  const lines = done.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('hint: '));
  expect({ code: done.code, stdout: done.stdout, lines }).toEqual({
    code,
    stdout: '',
    lines: [expect.stringMatching(message)],
  });
}

const podFile = (name: string, content: object) => {
  const file = path.join(dir, `${name}.json`);
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
};

describe.each(available.map((r) => r.line))('podctl sandbox --via cri with containerd %s', (line: Line) => {
  test('makes pods, runs containers in them, stops and removes them', async () => {
    await withRig(line, {}, async (containerd) => {
      const state = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-via-'));
      onTestFinished(() => fs.rmSync(state, { recursive: true }));
      const { call, succeed } = through(containerd, state);
      const pods = async () => {
        const { items } = await containerd.session.call('ListPodSandbox', (c, o) =>
          c.runtime.listPodSandbox({}, o),
        );
        return items.map((i) => [i.metadata?.name, i.state]).sort();
      };
      const parent = ['--annotation', 'a=b', '--label', 'app=web'];
      const id = await succeed('create', 'web', '--sysctl', 'net.ipv4.ip_default_ttl=63', ...parent);
      expect(id).toMatch(/^[0-9a-f]{64}$/);
      expect(await pods()).toEqual([['web', 0]]);
      await refused(call(['create', 'web']), /the name web is in use by sandbox [0-9a-f]{13} of the runtime/);

      const image = ['--image', APP_IMAGE];
      const served = await succeed('run', 'web', ...image, '--name', 'server', '-d', '--', 'sleep', '1000');
      expect(await execIn(containerd, served, ['cat', '/proc/sys/net/ipv4/ip_default_ttl'])).toBe('63\n');
      expect(fs.readlinkSync(`/proc/${initPid(containerd, served)}/ns/net`)).toBe(
        fs.readlinkSync(`/proc/${initPid(containerd, id)}/ns/net`),
      );
      const script = 'echo "$WORD in $(hostname)"; echo wrong >&2; exit 7';
      const word = ['-e', 'WORD=a b'];
      const brief = await call(['run', id.slice(0, 12), ...image, ...word, '--', 'sh', '-c', script]);
      expect(brief).toMatchObject({ code: 7, stdout: 'a b in web\n', stderr: 'wrong\n' });
      await refused(
        call(['run', 'web', ...image, '--name', 'server', '--', 'true']),
        /container server runs in sandbox web already/,
      );
      await refused(
        call(['run', 'web', ...image, '--', '/no/such/program']),
        /could not be started: .*no such file/,
        1,
      );
      const { containers } = await containerd.session.call('ListContainers', (c, o) =>
        c.runtime.listContainers({}, o),
      );
      expect(containers.map((c) => c.id)).toEqual([served]);
      expect(fs.readdirSync(path.join(state, 'pod-logs', id))).toEqual(['server-0.log']);
      const ours = [id, served, pinOf(containerd, id)];
      const seen = seenIn((await examine(containerd)).report, true);
      expect(seen.filter((finding) => ours.includes(finding.id))).toEqual([]);

      await refused(call(['rm', 'web']), /server run in sandbox web/);
      expect(await succeed('stop', 'default/web', '--timeout', '1')).toBe('web');
      expect(await pods()).toEqual([['web', 1]]);
      await refused(call(['run', 'web', ...image, '--', 'true']), /sandbox web is not ready/);
      expect(await succeed('rm', 'web')).toBe('web');
      expect(await pods()).toEqual([]);
      expect(fs.readdirSync(path.join(state, 'pod-logs'))).toEqual([]);
      await refused(call(['rm', 'web']), /the runtime has no sandbox "web"/);
      expect(await call(['rm', '-f', 'web'])).toMatchObject({ code: 0, stdout: '' });
    });
  });

  test('a pod file goes through, the host network too; a signal ends what runs in the foreground', async () => {
    await withRig(line, {}, async (containerd) => {
      const state = path.join(dir, `state-${line}`);
      const { call, succeed } = through(containerd, state);
      const file = podFile('pod', {
        metadata: { name: 'filed', namespace: 'other', uid: 'u-1', attempt: 3 },
        log_directory: path.join(dir, 'logs'),
        labels: { tier: 'x' },
        linux: {
          cgroup_parent: `${containerd.cgroupRoot}/given`,
          security_context: { namespace_options: { pid: 1 } },
        },
      });
      const id = await succeed('create', '-f', file);
      const { items } = await containerd.session.call('ListPodSandbox', (c, o) =>
        c.runtime.listPodSandbox({ filter: { labelSelector: { tier: 'x' } } }, o),
      );
      expect(items.map((i) => [i.id, i.metadata])).toEqual([
        [id, { name: 'filed', namespace: 'other', uid: 'u-1', attempt: 3 }],
      ]);
      expect(fs.readFileSync(`/proc/${initPid(containerd, id)}/cgroup`, 'utf8')).toContain('/given/');
      const host = JSON.parse(await succeed('create', 'hosted', '--network', 'host', '-o', 'json'));
      expect(pinOf(containerd, host.id)).toBe(null);
      expect(fs.readlinkSync(`/proc/${initPid(containerd, host.id)}/ns/net`)).toBe(
        fs.readlinkSync('/proc/self/ns/net'),
      );

      let pid = 0;
      const ignoring = 'trap "echo told; exit 9" TERM; echo ready; while :; do sleep 0.1; done';
      const log = path.join(state, 'pod-logs', id, 'sh-0.log');
      const running = call(['run', 'filed', '--image', APP_IMAGE, '--', 'sh', '-c', ignoring], {
        started: (p) => {
          pid = p;
        },
      });
      await until('the program', () => fs.existsSync(log) && fs.readFileSync(log, 'utf8').includes('ready'));
      process.kill(pid, 'SIGINT');
      expect(await running).toMatchObject({ code: 9, stdout: 'ready\ntold\n' });

      const seccomp = podFile('more', {
        metadata: { name: 'more' },
        linux: { security_context: { run_as_user: { value: 1 } } },
      });
      await refused(call(['create', '-f', seccomp]), /run_as_user/);
      await refused(
        call(['create', 'x', '--network', 'none']),
        /--network none cannot be had with --via cri/,
      );
      await refused(
        call(['create', 'x', '--cni-conf-dir', '/etc']),
        /--cni-conf-dir cannot go with --via cri/,
      );
      await refused(call(['run', 'filed', '--', 'true']), /--via cri needs an image/);
      await refused(
        call(['run', 'filed', '--rootfs', '/', '--', 'true']),
        /--rootfs cannot go with --via cri/,
      );
      await refused(
        runPodctl(['sandbox', 'run', 'x', '--image', 'y', '--', 'true']),
        /add --via cri|--image/,
      );
      await succeed('rm', '-f', 'filed', 'hosted');

      await containerd.halt();
      await refused(call(['create', 'late']), /cannot reach the runtime at .*containerd.sock/, 3);
      await containerd.resume();
    });
  });
});
