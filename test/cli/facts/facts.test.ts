import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { FACT_NAMES } from '../../../src/model/fact-shapes.ts';
import { folderForFile, root, runPodctl } from '../../support/cli.ts';
import { healthyNode } from '../../support/node.ts';
import { snapshotOf } from '../../support/snapshot.ts';

const folder = folderForFile();
const saved = path.join(folder, 'node.json');
const { host, sandboxes, pins } = healthyNode();
fs.writeFileSync(
  saved,
  JSON.stringify({
    ...snapshotOf({ host, sandboxes, pins }),
    facts: {
      ...snapshotOf({ host, sandboxes, pins }).facts,
      kubelet: { status: 'absent', reason: 'no kubelet \x1b[31mhere', ms: 1 },
      images: { status: 'failed', problem: { code: 'denied', message: 'not allowed' }, ms: 1 },
    },
  }),
);
const facts = (...args: string[]) => runPodctl(['facts', '--from-snapshot', saved, ...args]);

test('all facts are a table, with what is missing told by the exit code', async () => {
  const { code, stdout } = await facts();
  expect(code).toBe(3);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
    ['FACT', 'STATUS', 'MS', 'COUNT'],
    ['host', 'complete', '1', '-'],
    ['images', 'failed', '1', '-'],
    ['kubelet', 'absent', '1', '-'],
    ['pins', 'complete', '1', '2'],
    ['sandboxes', 'complete', '1', '3'],
    [''],
  ]);
});

test('one fact is its outcome, and jq works on the value alone', async () => {
  const one = await facts('sandboxes');
  expect([one.code, JSON.parse(one.stdout)]).toEqual([0, { status: 'complete', value: sandboxes, ms: 1 }]);
  const names = await facts('sandboxes', '--jq', '.[].name');
  expect([names.code, names.stdout]).toEqual([0, '"web"\n"agent"\n"shared"\n']);
  const yaml = await facts('host', '-o', 'yaml');
  expect(yaml.stdout).toMatch(/^status: complete\nvalue:\n {2}hostname: worker-1\n/);
});

test('without a name jq gets what a check that needs them all is given', async () => {
  const { stdout } = await facts('--jq', 'keys, (.sandboxes | length)');
  expect(stdout).toBe('["host","pins","sandboxes"]\n3\n');
});

test.each([
  ['kubelet', 1, 'not seen: kubelet: no kubelet \\x1b[31mhere\n'],
  ['images', 3, 'not seen: images: not allowed\n'],
])('of %s, which is not there, jq prints nothing', async (name, code, said) => {
  expect(await facts(name, '--jq', '.')).toMatchObject({ code, stdout: '', stderr: said });
});

test.each([
  [['facts', 'sandbox'], 'no fact is called "sandbox"', 'did you mean sandboxes?'],
  [
    ['facts', 'canary'],
    'sandboxes that podctl doctor --active makes',
    'podctl doctor --active --save-snapshot',
  ],
  [['facts', '--example', '--from-snapshot', saved], '--example is a node of its own', 'leave out'],
  [['facts', 'store', '--from-snapshot', saved], `${saved} has no store`, 'podctl facts --from-snapshot'],
  [['facts', '--jq', '.', '-o', 'yaml'], '--jq: gives lines of JSON', 'leave out -o yaml'],
  [['facts', '-o', 'wide'], '-o: "wide" is unknown', 'it is one of table, json, yaml'],
])('podctl %j is refused', async (args, error, hint) => {
  const { code, stdout, stderr } = await runPodctl(args as string[]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(error);
  expect(stderr).toContain(`hint: ${hint}`);
});

test('all facts as JSON are a snapshot, which its schema lets through and the doctor judges', async () => {
  const { stdout } = await runPodctl(['facts', '-o', 'json']);
  const { stdout: schema } = await runPodctl(['facts', '--schema']);
  const validate = new Ajv2020({ strict: true }).compile(JSON.parse(schema));
  expect([validate(JSON.parse(stdout)), validate.errors]).toEqual([true, null]);
  expect(validate({ ...JSON.parse(stdout), takenAt: 'now' })).toBe(false);
  const again = path.join(folder, 'again.json');
  fs.writeFileSync(again, stdout);
  const { stdout: report } = await runPodctl(['doctor', '-o', 'json', '--from-snapshot', again]);
  expect(JSON.parse(report).schema).toBe('podctl.report/v1');
});

test('a fact is let through by the schema of its own', async () => {
  const file = path.join(root, 'test/scenarios/pause-killed-2.1.9.snapshot.json');
  for (const name of FACT_NAMES.slice(0, 3)) {
    const { stdout } = await runPodctl(['facts', name, '--from-snapshot', file, '--jq', '.']);
    const { stdout: schema } = await runPodctl(['facts', name, '--schema']);
    const validate = new Ajv2020({ strict: true }).compile(JSON.parse(schema));
    expect([name, validate(JSON.parse(stdout)), validate.errors]).toEqual([name, true, null]);
  }
});

test('the example node has facts of every kind that checks need', async () => {
  const { code, stdout } = await runPodctl(['facts', 'sandboxes', '--example', '--jq', '[.[].namespace]']);
  expect([code, stdout]).toEqual([0, '["default","default","default"]\n']);
});
