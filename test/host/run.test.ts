import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/host/run.ts';
import { writeFileAtomic } from '../../src/host/write-file.ts';

const sh = (script: string, timeoutMs = 10_000) => run('/bin/sh', ['-c', script], { timeoutMs });

describe('run', () => {
  it('gives exit code and output of a program that ends', async () => {
    expect(await sh('echo out; echo err >&2; exit 3')).toEqual({
      exitCode: 3,
      stdout: 'out',
      stderr: 'err',
      timedOut: false,
      startError: null,
    });
  });

  it('says why a program cannot be started', async () => {
    const result = await run('/no/such/program', [], { timeoutMs: 1000 });
    expect(result).toMatchObject({ exitCode: null, timedOut: false });
    expect(result.startError).toContain('ENOENT');
  });

  it('gives a program its input, also one that does not read it', async () => {
    const input = 'x'.repeat(1_000_000);
    expect(await run('/usr/bin/wc', ['-c'], { timeoutMs: 10_000, input })).toMatchObject({
      stdout: '1000000',
    });
    expect(await run('/bin/true', [], { timeoutMs: 10_000, input })).toMatchObject({ exitCode: 0 });
  });

  it('kills the group of a program that writes too much, and keeps the beginning', async () => {
    const script = 'sleep 300 & echo $!; head -c 9999 /dev/zero; wait';
    const result = await run('/bin/sh', ['-c', script], { timeoutMs: 60_000, maxOutput: 1000 });
    expect(result).toMatchObject({ exitCode: null, timedOut: false, overflowed: true });
    expect(result.stdout).toHaveLength(1000);
    await expect.poll(() => isRunning(Number.parseInt(result.stdout, 10))).toBe(false);
  });

  it('kills the whole group at the deadline', async () => {
    const result = await sh('sleep 300 & echo $!; wait', 300);
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    await expect.poll(() => isRunning(Number(result.stdout))).toBe(false);
  });

  it('does not wait for a child that escaped the group and holds the output open', async () => {
    const result = await sh('setsid sleep 300 & echo $!; sleep 300', 300);
    expect(result.timedOut).toBe(true);
    const escaped = Number(result.stdout);
    expect(isRunning(escaped)).toBe(true);
    process.kill(escaped, 'SIGKILL');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const running = run('/bin/sleep', ['300'], { timeoutMs: 60_000, signal: stop.signal });
    stop.abort();
    expect(await running).toMatchObject({ exitCode: null, timedOut: true });
  });
});

describe('writeFileAtomic', () => {
  it('replaces the whole file, with its mode, and leaves nothing beside it', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-write-'));
    const file = path.join(folder, 'report.json');
    fs.writeFileSync(file, 'old and longer');
    writeFileAtomic(file, 'new', 0o600);
    expect(fs.readFileSync(file, 'utf8')).toBe('new');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(folder)).toEqual(['report.json']);
    expect(() => writeFileAtomic(path.join(folder, 'none/x'), 'x', 0o600)).toThrow('ENOENT');
    fs.rmSync(folder, { recursive: true });
  });
});

function isRunning(pid: number): boolean {
  try {
    return !fs.readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
