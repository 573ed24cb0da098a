import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Containerd } from '../rig/containerd.ts';
import { initPid, type Pod } from '../rig/pods.ts';
import { until } from '../rig/process.ts';
import { runPodctl } from '../support/cli.ts';

export async function logs(containerd: Containerd, web: Pod): Promise<void> {
  const run = (...args: string[]) => runPodctl(['logs', 'rig/web', ...args, '-r', containerd.socket]);
  expect(await run('server')).toMatchObject({ code: 0, stdout: 'started\n', stderr: 'trouble\n' });
  expect((await run('server', '--timestamps')).stdout).toMatch(/^\d{4}-\d\d-\d\dT\S+Z started\n$/);
  const log = path.join(containerd.dir, 'logs/counter_0.log');
  await until('three lines', () => fs.readFileSync(log, 'utf8').split('\n').length > 3);
  expect((await run('counter', '--tail', '2')).stdout).toMatch(/^\d+\n\d+\n$/);

  let followed = 0;
  const following = runPodctl(['logs', 'rig/web', 'counter', '-f', '--tail', '0', '-r', containerd.socket], {
    started: (pid) => {
      followed = pid;
    },
  });
  await until('the log to be followed', () => filesOf(followed).includes(log));
  const before = fs.readFileSync(log, 'utf8').split('\n').length;
  await until('more lines', () => fs.readFileSync(log, 'utf8').split('\n').length > before + 4);
  process.kill(initPid(containerd, web.containers[2]?.id ?? ''), 'SIGKILL');
  const { code, stdout } = await following;
  expect(code).toBe(0);
  const numbers = stdout.trim().split('\n').map(Number);
  expect(numbers.length).toBeGreaterThan(4);
  expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));

  const pause = await run();
  expect(pause).toMatchObject({ code: 1, stdout: '' });
  expect(pause.stderr).toContain(
    `containerd keeps no output of a pause: stdout and stderr of its pause, process ${initPid(containerd, web.id)}, are /dev/null`,
  );
  expect(await run('nobody')).toMatchObject({ code: 1, stdout: '' });
  const server = path.join(containerd.dir, 'logs/server_0.log');
  fs.rmSync(server);
  expect((await run('server')).stderr).toMatch(/^error: the log of container server of rig\/web is gone/);
  fs.symlinkSync('/etc/passwd', server);
  const linked = await run('server');
  expect(linked).toMatchObject({ code: 2, stdout: '' });
  expect(linked.stderr).toContain('is a link to /etc/passwd, which is not followed');
}

/** Files that a process has open. */
function filesOf(pid: number): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return pid === 0 ? [] : fs.readdirSync(folder).flatMap((fd) => linkOf(`${folder}/${fd}`));
  } catch {
    return [];
  }
}

function linkOf(file: string): string[] {
  try {
    return [fs.readlinkSync(file)];
  } catch {
    return [];
  }
}
