import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { podctl } from '../e2e/doctor.ts';
import { until } from '../rig/process.ts';
import { show, step } from './command.ts';

const SERVER =
  'require("net").createServer(s => s.pipe(s)).listen(7000, "127.0.0.1", () => console.log("listening"))';
/** One connection for its whole life: it ends with an error when that breaks. */
const CLIENT =
  'let n = 0; const s = require("net").connect(7000, "127.0.0.1"); ' +
  's.on("data", d => console.log("answer", String(d))); setInterval(() => s.write(String(++n)), 100)';

/** Why podctl's own sandboxes cannot be shown here; null when they can. */
export function sandboxObstacle(): string | null {
  if (process.getuid?.() !== 0) return 'sandboxes of our own are shown as root only';
  const native = path.join(path.dirname(podctl()), 'native/podctl-ns');
  return fs.existsSync(native) ? null : 'podctl-ns was not built: it needs make and a C compiler';
}

/** A sandbox without any runtime: its pause dies under an open connection, and comes back under the same one. */
export async function demoSandbox(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-demo-'));
  process.env.PODCTL_STATE_DIR = path.join(folder, 'state');
  try {
    await tell();
  } finally {
    await capture('sandbox', 'rm', '-f', 'demo').catch(() => '');
    delete process.env.PODCTL_STATE_DIR;
    fs.rmSync(folder, { recursive: true });
  }
}

async function tell(): Promise<void> {
  step('podctl makes a pod sandbox itself, with no daemon and no image.');
  await expectExit(0, 'sandbox', 'create', 'demo', '--network', 'none');

  step('Two containers join it: a server, and a client that keeps one connection to it at localhost.');
  await expectExit(0, 'sandbox', 'run', 'demo', '--name', 'server', '-d', '--', 'node', '-e', SERVER);
  await until('the server to listen', async () => (await logOf('server')).includes('listening'), 10_000);
  await expectExit(0, 'sandbox', 'run', 'demo', '--name', 'client', '-d', '--', 'node', '-e', CLIENT);
  await answersAfter(0);
  await expectExit(0, 'sandbox', 'logs', 'demo', 'client', '--tail', '1');

  const status = JSON.parse(await capture('sandbox', 'inspect', 'demo', '-o', 'json')) as {
    pause: { pid: number };
  };
  step(`Its pause, process ${status.pause.pid}, is killed with -9 while they talk.`);
  process.kill(status.pause.pid, 'SIGKILL');
  await expectExit(1, 'doctor');

  step('A new pause takes over the same namespaces: same address, same connection, nothing restarted.');
  await expectExit(0, 'sandbox', 'repair', 'demo');
  await answersAfter(lastAnswer(await logOf('client')));
  await expectExit(0, 'sandbox', 'logs', 'demo', 'client', '--tail', '1');

  step('It goes, and leaves nothing.');
  await expectExit(0, 'sandbox', 'rm', '-f', 'demo');
  await expectExit(0, 'sandbox', 'ls');
}

function answersAfter(n: number): Promise<void> {
  return until('the client to get an answer', async () => lastAnswer(await logOf('client')) > n, 10_000);
}

function lastAnswer(log: string): number {
  return Number(/answer (\d+)\s*$/.exec(log)?.[1] ?? 0);
}

function logOf(container: string): Promise<string> {
  return capture('sandbox', 'logs', 'demo', container);
}

function capture(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [podctl(), ...args], (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
}

async function expectExit(wanted: number, ...args: string[]): Promise<void> {
  const exitCode = await show(...args);
  if (exitCode !== wanted) throw new Error(`exit ${wanted} was to be expected, not ${exitCode}`);
}
