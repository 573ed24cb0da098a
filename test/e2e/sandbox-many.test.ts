import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kit, openKit } from './sandbox-kit.ts';

const MANY = 200;
const PARALLEL = 16;
let kit: Kit;
let before: Record<string, string[]>;

beforeAll(async () => {
  kit = await openKit('podctl-e2e-m');
  // The bridge is the network's, and stays.
  await kit.create('first');
  await kit.sandbox(['rm', 'first']);
  before = kit.footprint();
});
afterAll(() => kit.close());

/** Does the work for each name, a few at a time; gives what failed. */
async function each(
  names: readonly string[],
  work: (name: string) => Promise<{ code: number | null; stderr: string }>,
): Promise<string[]> {
  const queue = [...names];
  const failures: string[] = [];
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const { code, stderr } = await work(name);
      if (code !== 0 || stderr !== '') failures.push(`${name}: ${code} ${stderr}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return failures;
}

test('200 sandboxes, 16 at a time: all addresses differ, none fails, and nothing is left of them', async () => {
  const names = Array.from({ length: MANY }, (_, i) => `pod-${i}`);
  expect(await each(names, (name) => kit.sandbox(['create', name, '--network', kit.conflist]))).toEqual([]);
  const { stdout } = await kit.sandbox(['ls', '-o', 'json']);
  const { sandboxes } = JSON.parse(stdout) as { sandboxes: { state: string; addresses: string[] }[] };
  expect(sandboxes.filter((s) => s.state === 'ready')).toHaveLength(MANY);
  expect(new Set(sandboxes.flatMap((s) => s.addresses)).size).toBe(MANY);
  expect(await each(names, (name) => kit.sandbox(['rm', name]))).toEqual([]);
  expect(kit.footprint()).toEqual(before);
});

test('two removals and a repair of one sandbox: each waits for its turn or says who is at it', async () => {
  const id = await kit.create('one');
  const calls = [
    ['rm', 'one'],
    ['repair', 'one'],
    ['rm', '-f', 'one'],
    ['repair', 'one'],
  ];
  const done = await Promise.all(calls.map((args) => kit.sandbox(args)));
  for (const { code, stderr } of done)
    expect([
      [0, expect.stringMatching(/^(note: there is no sandbox one\n)?$/)],
      [2, expect.stringContaining('there is no sandbox "one"')],
      [3, expect.stringContaining('sandbox one')],
    ]).toContainEqual([code, stderr]);
  expect(kit.footprint()).toEqual(before);
  expect(fs.existsSync(path.join(kit.state, 'records', `${id}.json`))).toBe(false);
});
