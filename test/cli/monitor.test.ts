import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { folderForFile, root, runPodctl } from '../support/cli.ts';
import { healthyNode } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';

const folder = folderForFile();
const file = (name: string) => path.join(folder, `${name}.json`);

beforeAll(() => {
  const { canary: _, ...node } = healthyNode();
  const seen = snapshotOf(node);
  const { images: __, ...unseen } = seen.facts;
  const late = { status: 'failed', problem: { code: 'timeout', message: 'no answer' }, ms: 1 };
  fs.writeFileSync(file('healthy'), JSON.stringify(seen));
  fs.writeFileSync(file('broken'), JSON.stringify(snapshotOf({ ...node, images: [] })));
  fs.writeFileSync(file('unseen'), JSON.stringify({ ...seen, facts: { ...unseen, images: late } }));
});

test.each([
  ['nagios', 'healthy', 0, /^PODCTL OK - \d+ checks pass \| errors=0;;0;0 /],
  ['nagios', 'broken', 2, /^PODCTL CRITICAL - image\/sandbox-image-missing: New .* \| errors=1;;0;0 /],
  ['nagios', 'unseen', 3, /^PODCTL UNKNOWN - \d+ not judged; /],
  ['npd', 'healthy', 0, /^\d+ checks pass\n$/],
  ['npd', 'broken', 1, /^image\/sandbox-image-missing: New pods cannot start: .*\.\.\.\n$/],
  ['npd', 'unseen', 2, /^\d+ not judged; .*\n$/],
])('-o %s of a node that is %s', async (format, name, code, said) => {
  const ran = await runPodctl(['doctor', '-o', format, '--from-snapshot', file(name)], {
    env: { FORCE_COLOR: '1' },
  });
  expect(ran).toMatchObject({ code, stderr: '' });
  expect(ran.stdout).toMatch(said);
  expect(ran.stdout).not.toContain('\x1b');
});

test.each([
  [['-o', 'nagios'], 3, /^PODCTL UNKNOWN - no check is called "nonsense"/],
  [['--output=npd'], 2, /^no check is called "nonsense"/],
  [['-o', 'json'], 2, /^\{\n {2}"schema": "podctl.error\/v1"/],
])('what cannot be carried out is no fault of the node: %s', async (args, code, said) => {
  const ran = await runPodctl(['doctor', 'nonsense', ...args]);
  expect(ran.code).toBe(code);
  expect(ran.stdout).toMatch(said);
  expect(ran.stderr).toContain('error: no check is called "nonsense"');
});

test('as a file beside stdout it decides nothing', async () => {
  const beside = path.join(folder, 'status');
  const args = ['doctor', '--from-snapshot', file('unseen'), '-o', 'json', '--report', `nagios=${beside}`];
  expect((await runPodctl(args)).code).toBe(3);
  expect((await runPodctl([...args.slice(0, 3), '--report', `npd=${beside}`])).code).toBe(3);
  expect(fs.readFileSync(beside, 'utf8')).toMatch(/^\d+ not judged; /);
});

test('it tells of a look, not of a cure', async () => {
  const ran = await runPodctl(['doctor', '--fix', '-o', 'npd']);
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('-o npd tells of a look') });
});

interface Monitor {
  pluginConfig: { timeout: string; max_output_length: number };
  conditions: { type: string }[];
  rules: { condition: string; path: string; args: string[]; timeout: string }[];
}

test('the monitor for node-problem-detector is within its limits, and its rules run', async () => {
  const text = fs.readFileSync(path.join(root, 'test/pipelines/podctl-monitor.json'), 'utf8');
  const { pluginConfig, conditions, rules }: Monitor = JSON.parse(text);
  for (const { condition, path: program, args, timeout } of rules) {
    expect(conditions.map(({ type }) => type)).toContain(condition);
    expect([path.basename(program), timeout]).toEqual(['podctl', pluginConfig.timeout]);
    const ran = await runPodctl([...args, '--from-snapshot', file('broken')]);
    expect([0, 1]).toContain(ran.code);
    expect(Buffer.byteLength(ran.stdout.trim())).toBeLessThanOrEqual(pluginConfig.max_output_length);
  }
});

test('what a program in a sandbox is told is nothing that a monitor asked', async () => {
  const ran = await runPodctl(['sandbox', 'exec', 'nowhere', '--', 'doctor', '-o', 'nagios']);
  expect(ran).toMatchObject({ code: 2, stdout: '' });
});
