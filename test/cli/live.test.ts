import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { podctl, runPodctl } from '../support/cli.ts';
import { serveCri } from '../support/fake-cri.ts';
import { listenAt, temporaryFolder } from '../support/node-tree.ts';

const ID = 'a'.repeat(64);

/** Numbers of milliseconds, which differ from run to run. */
function timeless(text: string): string {
  return text.replace(/"(ms|durationMs)": [\d.]+/g, '"$1": 0').replace(/ {2,}[\d.]+ m?s/g, ' 0 ms');
}

test('a saved run gives the report of the live run, byte for byte but for times', async () => {
  const folder = temporaryFolder();
  const socket = path.join(folder, 'cri.sock');
  const snapshot = path.join(folder, 'snapshot.json');
  const saved = path.join(folder, 'live.json');
  const served = await serveCri(socket, {
    version: { runtimeName: 'containerd', runtimeVersion: '2.1.9', runtimeApiVersion: 'v1' },
    sandboxes: {
      items: [
        {
          id: ID,
          metadata: { name: 'web\x1b[31m', namespace: 'default', uid: 'u', attempt: 1 },
          createdAt: 1n,
        },
      ],
    },
    containers: {},
    images: {},
  });
  const live = await runPodctl([
    ...['doctor', '-v', '-r', socket, '--save-snapshot', snapshot, '--report', `json=${saved}`],
  ]);
  await served.close();
  expect(live.stderr).toBe('');
  const again = (...more: string[]) => runPodctl(['doctor', '--from-snapshot', snapshot, ...more]);
  const text = await again('-v');
  expect(timeless(text.stdout)).toBe(timeless(live.stdout));
  expect(text.code).toBe(live.code);
  expect(timeless((await again('-o', 'json')).stdout)).toBe(timeless(fs.readFileSync(saved, 'utf8')));
});

test('a runtime that hangs: the deadline ends the run, and the report says so', async () => {
  const socket = path.join(temporaryFolder(), 'cri.sock');
  await listenAt(socket);
  const { code, stdout } = await runPodctl(['doctor', '-r', socket, '--deadline', '1s', '-o', 'json']);
  const report: Report = JSON.parse(stdout);
  expect(report.complete).toBe(false);
  expect(report.facts.find((f) => f.name === 'runtime')?.problems[0]?.code).toBe('timeout');
  expect(report.facts.find((f) => f.name === 'processes')?.status).not.toBe('absent');
  expect([1, 3]).toContain(code);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s: what is known is told, marked incomplete, exit code %i', async (signal, expected) => {
  const socket = path.join(temporaryFolder(), 'cri.sock');
  let connected = () => {};
  const connection = new Promise<void>((resolve) => {
    connected = resolve;
  });
  await listenAt(socket, () => connected());
  const { code, stdout } = await runPodctl(['doctor', '-r', socket, '-o', 'json'], {
    started: (pid) => void connection.then(() => process.kill(pid, signal)),
  });
  expect(code).toBe(expected);
  expect((JSON.parse(stdout) as Report).complete).toBe(false);
});

test('a reader that goes away is no fault', async () => {
  const child = spawn(process.execPath, [podctl, 'checks', '-o', 'json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('reports larger than a pipe arrive whole', async () => {
  const { stdout } = await runPodctl(['checks', '-o', 'json']);
  expect(() => JSON.parse(stdout)).not.toThrow();
});
