import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderForFile, podctl, type Ran, runPodctl } from '../../support/cli.ts';

const folder = folderForFile();
/** One check without a runtime: what it says about this machine does not matter here. */
const WATCH = ['doctor', 'config/unreadable', '--watch', '-r', path.join(folder, 'no.sock')];
const FAST = [...WATCH, '--interval', '50ms'];

/** Ends a watch with a signal once a file was written `looks` times. */
function watchFor(looks: number, signal: NodeJS.Signals, args: string[], file: string): Promise<Ran> {
  return runPodctl(args, {
    started(pid) {
      let seen = 0;
      const watcher = fs.watch(path.dirname(file), (_, name) => {
        seen += name === path.basename(file) ? 1 : 0;
        if (seen < looks) return;
        watcher.close();
        process.kill(pid, signal);
      });
    },
  });
}

test('the whole report first, then nothing while nothing changes; files at every look; 143 on SIGTERM', async () => {
  const file = path.join(fs.mkdtempSync(path.join(folder, 'a-')), 'out.prom');
  const ran = await watchFor(4, 'SIGTERM', [...FAST, '--report', `prometheus=${file}`], file);
  expect(ran).toMatchObject({ code: 143, signal: null, stderr: '' });
  expect(ran.stdout).toMatch(/\n\n?$/);
  expect(ran.stdout.match(/ ms\n/g)).toHaveLength(1);
  expect(fs.readFileSync(file, 'utf8')).toContain('\npodctl_doctor_last_run_timestamp_seconds ');
  expect(fs.readdirSync(path.dirname(file))).toEqual(['out.prom']);
});

test('ndjson: every line an object of one shape, 130 on SIGINT', async () => {
  const file = path.join(fs.mkdtempSync(path.join(folder, 'b-')), 'out.json');
  const args = ['doctor', '--watch', '-r', path.join(folder, 'no.sock'), '--interval', '50ms'];
  const ran = await watchFor(2, 'SIGINT', [...args, '-o', 'ndjson', '--report', `json=${file}`], file);
  expect(ran).toMatchObject({ code: 130, stderr: '' });
  const lines = ran.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.find((c) => c.check === 'runtime/unreachable')).toMatchObject({
    schema: 'podctl.change/v1',
    change: 'appeared',
    finding: { messageId: 'down' },
  });
  expect(lines.some((c) => c.change === 'unknown' && c.finding === null)).toBe(true);
  const keys = [...new Set(lines.map((c) => Object.keys(c).join()))];
  expect(keys).toEqual(['schema,at,node,change,check,failureTitle,fingerprint,since,reason,finding,before']);
});

test('it ends when nobody reads any more', async () => {
  const args = [
    'doctor',
    '--watch',
    '-r',
    path.join(folder, 'no.sock'),
    '--interval',
    '50ms',
    '-o',
    'ndjson',
  ];
  const child = spawn(process.execPath, [podctl, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.destroy();
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
});

test('a report that cannot be written ends the first look only', async () => {
  const gone = fs.mkdtempSync(path.join(folder, 'c-'));
  const there = path.join(fs.mkdtempSync(path.join(folder, 'd-')), 'out.json');
  const reports = ['--report', `yaml=${gone}/out.yaml`, '--report', `json=${there}`];
  const { stderr, code } = await runPodctl([...FAST, '--report', `json=${podctl}/x`]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^error: --report: /) });
  const ran = await runPodctl([...FAST, ...reports], {
    started(pid) {
      const watcher = fs.watch(path.dirname(there), () => {
        watcher.close();
        fs.rmSync(gone, { recursive: true });
        setTimeout(() => process.kill(pid, 'SIGINT'), 1500);
      });
    },
  });
  expect(ran.code).toBe(130);
  expect(ran.stderr).toBe(`cannot write the report ${gone}/out.yaml: no such file or folder\n`);
});
