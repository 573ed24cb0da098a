import { expect, test } from 'vitest';
import expired from '../../checks/cni/credentials-expired.ts';
import pile from '../../checks/sandbox/notready-pile.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { optionsForm } from '../../src/cli/config/check-names.ts';
import { faultsOf } from '../../src/cli/config/faults.ts';
import { parseTree } from '../../src/cli/config/yaml-tree.ts';
import { addPod, emptyNode, judge, NOW } from '../support/node.ts';

const taking = builtinChecks.filter(({ meta }) => meta.options !== undefined);

test('every option has a default that it would take itself, and says what it is', async () => {
  expect(taking.length).toBeGreaterThan(5);
  const form = optionsForm(taking.map(({ meta }) => meta));
  for (const { meta } of taking) {
    const usual = Object.entries(meta.options ?? {}).map(([name, option]) => [name, option.default]);
    const parsed = await parseTree(JSON.stringify({ [meta.id]: Object.fromEntries(usual) }));
    if ('faults' in parsed || parsed.said === null) throw new Error(meta.id);
    expect(faultsOf(parsed.said, form)).toEqual([]);
    for (const { describe } of Object.values(meta.options ?? {})) expect(describe).toMatch(/^[A-Zk].{20}/);
  }
});

test('as many dead sandboxes as are tolerated are no pile', async () => {
  const node = emptyNode();
  for (const attempt of [0, 1, 2]) addPod(node, attempt + 1, 'web', { uid: 'u', attempt, state: 'notready' });
  const verdict = async (tolerated: number) =>
    (await judge(pile, node, {}, { options: { tolerated } })).verdict;
  expect([await verdict(2), await verdict(3)]).toEqual(['found', 'pass']);
});

test('a credential is told before its end where that was asked for', async () => {
  const node = emptyNode();
  const path = '/etc/cni/net.d/calico-kubeconfig';
  node.cniAgents.credentials.push({
    plugin: 'calico',
    network: 'podnet',
    path,
    mtime: NOW,
    state: 'read',
    kind: 'token',
    expiresAt: NOW + 3 * 3_600_000,
  });
  const found = async (warnHours: number) =>
    (await judge(expired, node, {}, { options: { warnHours } })).findings.map(
      (f) => `${f.severity}: ${f.message}`,
    );
  expect(await found(2)).toEqual([]);
  expect(await found(4)).toEqual([
    `warning: the token of calico in ${path} expires in 3 h, and was not renewed yet`,
  ]);
});
