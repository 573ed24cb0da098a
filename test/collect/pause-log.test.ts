import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { outputsOf, pauseLogPath } from '../../src/collect/pause-log.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Bundle } from '../../src/model/facts.ts';
import { bareProcess } from '../support/node.ts';
import { temporaryFolder } from '../support/node-tree.ts';

function pathIn(config: string): string | null {
  const root = temporaryFolder();
  fs.mkdirSync(path.join(root, 'bundle'));
  fs.writeFileSync(path.join(root, 'bundle/config.json'), config);
  return pauseLogPath(createReadHost(root), { dir: '/bundle' } as Bundle);
}

test('the file that CRI-O writes is named by the bundle', () => {
  const annotations = { 'io.kubernetes.cri-o.LogPath': '/var/log/pods/a/b.log' };
  expect(pathIn(JSON.stringify({ annotations }))).toBe('/var/log/pods/a/b.log');
});

test.each([
  '',
  '{}',
  '[]',
  '{"annotations":{"io.kubernetes.cri-o.LogPath":"b.log"}}',
  '{"annotations":null}',
])('%s names none', (config) => {
  expect(pathIn(config)).toBeNull();
});

test('no bundle, no log', () => {
  expect(pauseLogPath(createReadHost(), null)).toBeNull();
});

test('where a process writes to is told as the kernel shows it', async () => {
  const child = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'pipe'] });
  await once(child, 'spawn');
  try {
    const outputs = outputsOf(createReadHost(), bareProcess(child.pid ?? 0, 'sleep'));
    expect(outputs).toEqual(['/dev/null', expect.stringMatching(/^(pipe|socket):\[\d+\]$/)]);
  } finally {
    child.kill('SIGKILL');
  }
});
