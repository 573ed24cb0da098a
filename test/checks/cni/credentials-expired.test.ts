import { expect, test } from 'vitest';
import check from '../../../checks/cni/credentials-expired.ts';
import type { CniCredential, Facts } from '../../../src/model/facts.ts';
import { DAY, emptyNode, judge, NOW } from '../../support/node.ts';
import { said } from './network.ts';

const PATH = '/etc/cni/net.d/calico-kubeconfig';

function withCredential(more: Partial<CniCredential>): Facts {
  const node = emptyNode();
  const base = { plugin: 'calico', network: 'podnet', path: PATH, mtime: NOW - DAY, state: 'read' } as const;
  node.cniAgents.credentials.push({ ...base, kind: 'token', expiresAt: NOW + 1000, ...more });
  return node;
}

test('what is good, has no end, or belongs to a network that is not in force has no finding', async () => {
  const expired = { expiresAt: NOW - DAY };
  for (const more of [
    {},
    { expiresAt: null },
    { ...expired, network: 'another' },
    { kind: 'none', expiresAt: null },
  ] as const)
    expect(await said(check, withCredential(more))).toEqual([]);
});

test('what expired is named with how long ago, and both clocks', async () => {
  expect(await said(check, withCredential({ expiresAt: NOW - 3 * DAY }))).toEqual([
    `error: the token of calico in ${PATH} expired 3 days ago: the API server refuses it`,
  ]);
  const { findings } = await judge(check, withCredential({ kind: 'certificate', expiresAt: NOW - 600_000 }));
  expect(findings).toMatchObject([
    {
      message: `the client certificate of calico in ${PATH} expired 10 min ago: the API server refuses it`,
      evidence: [
        { value: 'good until 2026-11-23T11:50:00.000Z' },
        { value: '2026-11-22T12:00:00.000Z' },
        { at: 'clock of the node', value: '2026-11-23T12:00:00.000Z' },
      ],
    },
  ]);
});

test('a kubeconfig that is missing, or none, is named', async () => {
  const none = { kind: 'none', expiresAt: null } as const;
  expect(await said(check, withCredential({ ...none, state: 'missing' }))).toEqual([
    `error: ${PATH}, with which calico asks the API server, is missing`,
  ]);
  expect(await said(check, withCredential({ ...none, state: 'malformed' }))).toEqual([
    `error: ${PATH}, with which calico asks the API server, cannot be used: it is no kubeconfig with a user`,
  ]);
});
