import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { identityOf } from '../../src/host/process.ts';

test('without root: loopback only, no pins, and a survivor brings the same namespaces back', async () => {
  const own = fs.mkdtempSync('/tmp/podctl-user-');
  fs.chmodSync(own, 0o755);
  fs.chownSync(own, 65534, 65534);
  fs.cpSync(path.resolve(import.meta.dirname, '../../dist'), path.join(own, 'dist'), { recursive: true });
  onTestFinished(() => fs.rmSync(own, { recursive: true }));
  const run = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [path.join(own, 'dist/podctl.js'), 'sandbox', ...args], {
        uid: 65534,
        gid: 65534,
        cwd: own,
        env: { XDG_RUNTIME_DIR: own, PATH: process.env.PATH ?? '' },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (d) => {
        stdout += d;
      });
      child.stderr.on('data', (d) => {
        stderr += d;
      });
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
  expect((await run('create', 'web', '--network', 'podctl')).stderr).toContain('network podctl needs root');
  const made = await run('create', 'web');
  expect([made.code, made.stderr]).toEqual([0, 'note: loopback only: a network needs root\n']);
  const before = JSON.parse((await run('inspect', 'web', '-o', 'json')).stdout);
  expect(before).toMatchObject({ state: 'ready', privileged: false, anchors: ['pause'] });
  const join = ['-t', String(before.pause.pid), '-U', '--preserve-credentials', '-n', '-i', '-u'];
  const survivor = spawn('nsenter', [...join, 'sleep', '86400'], { uid: 65534, gid: 65534 });
  onTestFinished(() => {
    survivor.kill('SIGKILL');
  });
  const inNetns = () =>
    fs.readlinkSync(`/proc/${survivor.pid}/ns/net`).includes(before.namespaces.net.id.split(':')[1]);
  while (!inNetns()) await new Promise((resolve) => setTimeout(resolve, 10));
  const file = path.join(own, 'podctl/records', `${before.id}.json`);
  const record = JSON.parse(fs.readFileSync(file, 'utf8'));
  const app = { name: 'app', command: ['sleep'], cwd: '', env: [], rootfs: '', bundle: '', runtime: '' };
  const files = { log: '', exitFile: '', startedAt: 0, parent: null, exit: null };
  record.containers = [{ ...app, ...files, process: identityOf(survivor.pid ?? 0) }];
  fs.writeFileSync(file, JSON.stringify(record));
  process.kill(before.pause.pid, 'SIGKILL');
  const repaired = await run('repair', 'web');
  expect([repaired.code, repaired.stderr]).toEqual([0, '']);
  const after = JSON.parse((await run('inspect', 'web', '-o', 'json')).stdout);
  expect(after).toMatchObject({ state: 'ready', namespaces: before.namespaces });
  expect((await run('rm', '-f', 'web')).code).toBe(0);
  expect(fs.readdirSync(path.join(own, 'podctl'), { recursive: true }).sort()).toEqual([
    'locks',
    'ns',
    'records',
    'sandboxes',
  ]);
});
