import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { completeValue } from '../../src/model/outcome.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { runPodctl } from '../support/cli.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const GOOD = 'schema: podctl.pause-versions/v1\nkubeadm:\n  1.37: ';
const FILE = '/etc/podctl/pause-versions.yaml';

/** A node image, and files beside it. */
function node(files: Record<string, string>): string {
  const root = temporaryFolder();
  plant(root, { '/etc/hostname': 'golden\n', ...files });
  return root;
}

async function factOf(root: string, args: string[], env: Record<string, string> = {}) {
  const saved = path.join(temporaryFolder(), 'snapshot.json');
  const ran = await runPodctl(['doctor', '--root', root, '--save-snapshot', saved, ...args], { env });
  expect(ran.stderr).toBe('');
  const { facts }: Snapshot = JSON.parse(fs.readFileSync(saved, 'utf8'));
  const { source, kubeadm } = (facts.pauseVersions && completeValue(facts.pauseVersions)) ?? {};
  return [source, kubeadm?.['1.37']];
}

test('the option beats the variable, which beats the file of the node, which beats what is built in', async () => {
  const root = node({ [FILE]: `${GOOD}3.7`, '/mine/option': `${GOOD}3.9`, '/mine/env': `${GOOD}3.8` });
  const [option, variable] = [`${root}/mine/option`, `${root}/mine/env`];
  const env = { PODCTL_PAUSE_VERSIONS: variable };
  expect(await factOf(root, ['--pause-versions', option], env)).toEqual([option, '3.9']);
  expect(await factOf(root, [], env)).toEqual([variable, '3.8']);
  expect(await factOf(root, [], { PODCTL_PAUSE_VERSIONS: '' })).toEqual([FILE, '3.7']);
  expect(await factOf(node({}), [])).toEqual(['built-in', undefined]);
});

test.each([
  ['names its line', { [FILE]: `${GOOD}3.7\nkubeadmin: {}\n` }, [], `${FILE}:4: "kubeadmin" is no key of it`],
  [
    'is not there, and was named',
    {},
    ['--pause-versions', '/gone'],
    '--pause-versions: cannot read /gone: no such file',
  ],
  ['is a folder', { [`${FILE}/x`]: '' }, [], `cannot read ${FILE}: it is a folder`],
])('a file that %s is one line and a hint, and nothing runs', async (_, files, args, message) => {
  const { code, stdout, stderr } = await runPodctl(['doctor', '--root', node(files), ...args]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.split('\n')).toEqual([
    expect.stringContaining(`error: ${message}`),
    expect.stringMatching('^hint: '),
    '',
  ]);
});

test('a saved run is judged by what was known then', async () => {
  const snapshot = path.join(import.meta.dirname, '../demo/broken-node.snapshot.json');
  const { code, stderr } = await runPodctl(['doctor', '--from-snapshot', snapshot, '--pause-versions', '/x']);
  expect(code).toBe(2);
  expect(stderr).toContain('--pause-versions cannot go with --from-snapshot');
});
