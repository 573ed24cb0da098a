import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { podctl, type Ran } from '../support/cli.ts';
import { type Kit, openKit } from './sandbox-kit.ts';

let kit: Kit;
let before: Record<string, string[]>;
let neighbour: string;

beforeAll(async () => {
  kit = await openKit('podctl-e2e-f', { firewall: true });
  neighbour = await kit.create('neighbour', ['--network', kit.conflist, '--publish', '18080:80']);
  before = kit.footprint();
});
afterAll(() => kit.close());

const CREATE = () => ['create', 'web', '--network', kit.conflist, '--publish', '18081:80'];

const recordOf = (id: string) => fs.readFileSync(path.join(kit.state, 'records', `${id}.json`), 'utf8');

/** Runs a command once for every point of every step, killed there; `then` follows each. */
async function atEveryPoint(
  prepare: () => Promise<void>,
  command: string[],
  then: (at: string) => Promise<void>,
  run: typeof kit.sandbox = kit.sandbox,
): Promise<number> {
  let killed = 0;
  for (let step = 1; ; step += 1) {
    for (const point of ['before', 'during', 'after']) {
      const at = `${point}:${step}`;
      await prepare();
      const { code, signal, stderr } = await run(command, { PODCTL_FAULT: at });
      if (signal === 'SIGKILL' || code === 137) killed += 1;
      else expect({ at, code, stderr }).toEqual({ at, code: 0, stderr: '' });
      await then(at);
      if (signal === null && code === 0 && point === 'before') return killed;
    }
  }
}

async function removed(at: string): Promise<void> {
  const { code, stderr } = await kit.sandbox(['rm', '-f', 'web']);
  expect({ at, code, stderr: stderr.replace('note: there is no sandbox web\n', '') }).toEqual({
    at,
    code: 0,
    stderr: '',
  });
  expect({ at, left: kit.footprint() }).toEqual({ at, left: before });
}

test('create, killed at every point: rm -f leaves nothing', async () => {
  const record = recordOf(neighbour);
  const points = await atEveryPoint(async () => {}, CREATE(), removed);
  expect(points).toBe(10);
  expect(recordOf(neighbour)).toBe(record);
  expect((await kit.sandbox(['check', 'neighbour'])).stdout).toBe('');
});

test('create, killed at every point: repair makes it whole', async () => {
  await atEveryPoint(
    async () => {},
    CREATE(),
    async (at) => {
      const repair = await kit.sandbox(['repair', '--all']);
      expect({ at, code: repair.code, stderr: repair.stderr }).toEqual({ at, code: 0, stderr: '' });
      const check = await kit.sandbox(['check']);
      expect({ at, drift: check.stdout }).toEqual({ at, drift: '' });
      const again = await kit.sandbox(['repair', '--all']);
      expect(again.stdout).not.toContain('  do ');
      await removed(at);
    },
  );
});

test('rm, killed at every point: rm -f and repair finish it', async () => {
  const points = await atEveryPoint(
    async () => {
      await kit.create('web');
    },
    ['rm', 'web'],
    async (at) => {
      const { code, stderr } = await kit.sandbox(['repair', '--all']);
      expect({ at, code, stderr }).toEqual({ at, code: 0, stderr: '' });
      await removed(at);
    },
  );
  expect(points).toBeGreaterThan(14);
});

test('repair, killed at every point: the next repair brings the same network back', async () => {
  const points = await atEveryPoint(
    async () => {
      await kit.create('web');
      const { pause, namespaces } = await kit.inspect('web');
      execFileSync('nsenter', [`--net=${namespaces.net?.pin}`, 'ip', 'link', 'set', 'eth0', 'down']);
      execFileSync('umount', [namespaces.ipc?.pin ?? '']);
      process.kill(pause.pid, 'SIGKILL');
    },
    ['repair', 'web'],
    async (at) => {
      const { code, stderr } = await kit.sandbox(['repair', 'web']);
      expect({ at, code, stderr }).toEqual({ at, code: 0, stderr: '' });
      const { state } = await kit.inspect('web');
      expect({ at, state }).toEqual({ at, state: 'ready' });
      await removed(at);
    },
  );
  expect(points).toBeGreaterThan(10);
});

/** Without pipes: a program that outlives a killed podctl would keep them open. */
function unheard(command: string[], env: Record<string, string> = {}): Promise<Ran> {
  const [enter = '', ...words] = kit.onHost;
  const own = command.includes('--') ? command.indexOf('--') : command.length;
  const all = [...command.slice(0, own), '--state-dir', kit.state, ...command.slice(own)];
  return new Promise((resolve, reject) => {
    const child = spawn(enter, [...words, process.execPath, podctl, 'sandbox', ...all], {
      env: { ...kit.env, ...env },
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal, stdout: '', stderr: '' }));
  });
}

/** In the foreground the last run, which nobody kills, waits for it. */
const FOREGROUND = ['sleep', '0.4'];
const DETACHED = ['sleep', '60'];

const RUNS: [string, () => string[], number][] = [
  ['run -d', () => ['-d', '--', ...DETACHED], 5],
  ['run', () => ['--', ...FOREGROUND], 8],
  ['run -d of a bundle', () => ['-d', '--bundle', kit.bundle(DETACHED)], 5],
  ['run of a bundle', () => ['--bundle', kit.bundle(FOREGROUND)], 8],
];
const named = (words: string[]) => ['run', 'web', '--name', 'app', ...words];
const withoutNetwork = async () => {
  await kit.create('web', ['--network', 'none']);
};

test.each(RUNS)('%s, killed at every point: rm -f leaves nothing', async (_, command, least) => {
  const record = recordOf(neighbour);
  const points = await atEveryPoint(withoutNetwork, named(command()), removed, unheard);
  expect(points).toBeGreaterThanOrEqual(least);
  expect(recordOf(neighbour)).toBe(record);
});

test.each(RUNS)('%s, killed at every point: repair leaves it without drift', async (_, command, least) => {
  const repaired = async (at: string) => {
    const repair = await kit.sandbox(['repair', 'web']);
    expect({ at, code: repair.code, stderr: repair.stderr }).toEqual({ at, code: 0, stderr: '' });
    const check = await kit.sandbox(['check', 'web']);
    expect({ at, drift: check.stdout }).toEqual({ at, drift: '' });
    await removed(at);
  };
  const points = await atEveryPoint(withoutNetwork, named(command()), repaired, unheard);
  expect(points).toBeGreaterThanOrEqual(least);
});
