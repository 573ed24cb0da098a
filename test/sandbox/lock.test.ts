import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openState } from '../../src/sandbox/state-folder.ts';
import { sweep } from '../../src/sandbox/sweep.ts';

let tools = '';
let dir = '';
let journal = '';
const started: ChildProcess[] = [];

beforeAll(async () => {
  tools = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-lock-'));
  await build({
    entryPoints: [path.join(import.meta.dirname, 'lock.script.ts')],
    outfile: path.join(tools, 'lock.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
});
afterAll(() => fs.rmSync(tools, { recursive: true, force: true }));
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(tools, 'state-'));
  journal = path.join(dir, 'journal');
  openState(dir, { create: true });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function hold(command: string, waitMs: number, holdMs: number): ChildProcess {
  const args = [path.join(tools, 'lock.mjs'), dir, journal, command, String(waitMs), String(holdMs)];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  started.push(child);
  return child;
}

const told = () => (fs.existsSync(journal) ? fs.readFileSync(journal, 'utf8').trim().split('\n') : []);
const locks = () => fs.readdirSync(path.join(dir, 'locks'));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('one waits for the other, and never both', async () => {
  const all = ['a', 'b', 'c', 'd'].map((name) => hold(name, 30_000, 30));
  await Promise.all(all.map((child) => once(child, 'exit')));
  const lines = told();
  expect(lines).toHaveLength(8);
  for (let i = 0; i < lines.length; i += 2) {
    expect(lines[i]?.startsWith('begin')).toBe(true);
    expect(lines[i + 1]).toBe(lines[i]?.replace('begin', 'end'));
  }
  expect(locks()).toEqual([]);
});

test('who cannot wait any longer is told who has it', async () => {
  const first = hold('sandbox repair web', 0, 60_000);
  await until(() => told().includes('begin sandbox repair web'));
  await once(hold('second', 50, 0), 'exit');
  expect(told().at(-1)).toBe(
    `refused second: sandbox web is in the hands of another podctl: sandbox repair web (process ${first.pid})`,
  );
});

test('the lock of a killed process is broken by exactly one of many', async () => {
  const first = hold('first', 0, 60_000);
  await until(() => told().includes('begin first'));
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(locks()).toEqual(['web.lock']);
  const all = ['a', 'b', 'c', 'd'].map((name) => hold(name, 30_000, 20));
  await Promise.all(all.map((child) => once(child, 'exit')));
  const lines = told().slice(1);
  expect(lines).toHaveLength(8);
  for (let i = 0; i < lines.length; i += 2) expect(lines[i + 1]).toBe(lines[i]?.replace('begin', 'end'));
  expect(locks()).toEqual([]);
});

test('a lock of another boot, and one whose breaker was killed too, are broken; garbage is named', async () => {
  const gone = { pid: 1, startTicks: 1, bootId: 'another', command: 'create' };
  fs.writeFileSync(path.join(dir, 'locks/web.lock'), JSON.stringify(gone));
  fs.writeFileSync(path.join(dir, 'locks/web.lock.break'), JSON.stringify(gone));
  await once(hold('next', 5000, 0), 'exit');
  expect(told()).toEqual(['begin next', 'end next']);
  expect(locks()).toEqual([]);
  fs.writeFileSync(path.join(dir, 'locks/web.lock'), 'hello');
  await once(hold('last', 5000, 0), 'exit');
  expect(told().at(-1)).toContain('locks/web.lock makes no sense');
});

test('a sweep removes dead locks and leaves living ones', async () => {
  hold('alive', 0, 60_000);
  await until(() => told().includes('begin alive'));
  const gone = { pid: 4_194_999, startTicks: 1, bootId: 'another', command: 'create' };
  fs.writeFileSync(path.join(dir, 'locks/other.lock'), JSON.stringify(gone));
  const state = openState(dir, { create: true });
  if (state) sweep(state);
  expect(locks()).toEqual(['web.lock']);
});
