import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { folderForFile, runPodctl } from '../support/cli.ts';
import { sickNode } from '../support/sick-node.ts';
import { snapshotOf } from '../support/snapshot.ts';

const folder = folderForFile();
const node = path.join(folder, 'node.json');
const frozen = path.join(folder, 'frozen.json');
const run = (args: string[], from = node) => runPodctl([...args, '--from-snapshot', from]);

beforeAll(() => {
  const whole = snapshotOf(sickNode());
  fs.writeFileSync(node, JSON.stringify(whole));
  const failed = { status: 'failed', problem: { code: 'timeout', message: 'no answer within 10 s' }, ms: 1 };
  fs.writeFileSync(frozen, JSON.stringify({ ...whole, facts: { ...whole.facts, networks: failed } }));
});

test('tree -o svg draws the node with what the doctor finds', async () => {
  const { code, stdout, stderr } = await run(['tree', '-o', 'svg']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/,
  );
  expect(stdout).toContain('in another network namespace');
  expect(stdout).toContain('/run/netns/cni-deadbeef');
});

test('of one pod it draws that pod alone', async () => {
  const { code, stdout } = await run(['tree', 'prod/api-1', '-o', 'svg']);
  expect(code).toBe(0);
  expect(stdout).toContain('veth102 is not in cni0');
  expect(stdout).not.toContain('default/web-0');
  expect(await run(['tree', 'prod/nobody', '-o', 'svg'])).toMatchObject({ code: 1, stdout: '' });
});

test('what the configuration accepts is no mark, as with the doctor', async () => {
  const config = path.join(folder, 'config.yaml');
  fs.writeFileSync(
    config,
    'schema: podctl.config/v1\nignore:\n  - check: netns/mismatch\n    subject: "*"\n    reason: known\n',
  );
  const { code, stdout, stderr } = await run(['tree', '-o', 'svg', '--config', config]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('in another network namespace');
  expect(stdout).toContain('net:[4026530004] of the node');
});

test('what was not seen stands in the picture, and is exit code 3', async () => {
  const { code, stdout, stderr } = await run(['tree', '-o', 'svg'], frozen);
  expect(code).toBe(3);
  expect(stdout).toContain('networks not seen: no answer within 10 s');
  expect(stderr).toBe('not seen: networks: no answer within 10 s\n');
});

test('only pods can be drawn', async () => {
  const { code, stderr } = await run(['ps', '-o', 'svg']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: -o: "svg"/);
});

test('doctor -o html and a report beside it are the same page', async () => {
  const file = path.join(folder, 'report.html');
  const { code, stdout } = await run(['doctor', '-o', 'html', '--report', `html=${file}`]);
  expect(code).toBe(1);
  expect(stdout).toBe(fs.readFileSync(file, 'utf8'));
  expect(stdout).toContain('class="picture c3"');
});
