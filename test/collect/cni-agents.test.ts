import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cniAgentsCollector } from '../../src/collect/cni-agents.ts';
import { certificateExpiry, credentialOf, tokenExpiry } from '../../src/collect/credential-expiry.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { CniPluginConf } from '../../src/model/facts.ts';
import { authority, issued } from '../support/certificate.ts';
import { lookAt } from '../support/look-at.ts';
import { emptyNode } from '../support/node.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { given } from './given.ts';

const NET = '/proc/net/unix';

async function look(root: string, type: string, files: NonNullable<CniPluginConf['files']> = {}) {
  const { cniConf } = emptyNode();
  const plugins = [{ type, bridge: null, ipam: null, files }];
  const conf = { ...cniConf, files: cniConf.files.map((file) => ({ ...file, plugins })) };
  const { cniAgents } = await lookAt(root, [given('cniConf', conf), cniAgentsCollector], ['cniAgents']);
  if (!cniAgents || !('value' in cniAgents)) throw new Error(JSON.stringify(cniAgents));
  return cniAgents;
}

const states = async (...args: Parameters<typeof look>) =>
  (await look(...args)).value.states.map(({ path: at, state }) => [at, state]);

test("flannel's file must name the subnet; it may be another one than the usual", async () => {
  const root = temporaryFolder();
  const usual = '/run/flannel/subnet.env';
  expect(await states(root, 'flannel')).toEqual([[usual, 'missing']]);
  plant(root, { [usual]: '' });
  expect(await states(root, 'flannel')).toEqual([[usual, 'malformed']]);
  plant(root, { [usual]: 'FLANNEL_MTU=1450\nFLANNEL_SUBNET=10.1.2.1/24\n' });
  expect(await states(root, 'flannel')).toEqual([[usual, 'there']]);
  expect(await states(root, 'flannel', { subnetFile: '/run/x' })).toEqual([['/run/x', 'missing']]);
});

test('Calico waits for its file unless it need not; other plugins wait for nothing', async () => {
  const root = temporaryFolder();
  expect(await states(root, 'calico')).toEqual([['/var/lib/calico/nodename', 'missing']]);
  expect(await states(root, 'calico', { nodename_file: '' })).toEqual([]);
  expect(await states(root, 'bridge')).toEqual([]);
  expect(await states(root, 'constructor')).toEqual([]);
});

test('a socket is deaf without a listener of its name', async () => {
  const root = temporaryFolder();
  const folder = path.join(root, 'var/run/antrea');
  fs.mkdirSync(folder, { recursive: true });
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(path.join(folder, 'cni.sock'), resolve));
  const line = (flags: string) =>
    `Num RefCount Protocol Flags Type St Inode Path\n0: 00000002 00000000 ${flags} 0001 01 77 /host/run/antrea/cni.sock\n`;
  try {
    plant(root, { [NET]: line('00010000') });
    expect(await states(root, 'antrea')).toEqual([['/var/run/antrea/cni.sock', 'there']]);
    plant(root, { [NET]: line('00000000') });
    expect(await states(root, 'antrea')).toEqual([['/var/run/antrea/cni.sock', 'deaf']]);
  } finally {
    server.close();
  }
});

test('what flannel and Multus noted is looked at and not kept; links are not followed', async () => {
  const root = temporaryFolder();
  plant(root, {
    '/var/lib/cni/multus/a': '[{"type": "bridge", "token": "hush"}]',
    '/var/lib/cni/multus/b': '',
    '/var/lib/cni/multus/c': '{"x": ',
    '/var/lib/cni/multus/e': `"${'x'.repeat(300_000)}"`,
  });
  fs.symlinkSync('/var/lib/cni/multus/a', path.join(root, 'var/lib/cni/multus/d'));
  const { value } = await look(root, 'multus');
  expect(value.handedOver.map(({ containerId, state }) => [containerId, state])).toEqual([
    ['a', 'whole'],
    ['b', 'empty'],
    ['c', 'malformed'],
    ['d', 'foreign'],
    ['e', 'malformed'],
  ]);
  expect(JSON.stringify(value)).not.toContain('hush');
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown) => `${part({ alg: 'none' })}.${part(claims)}.c2ln`;

/** A kubeconfig whose one user is this. */
const config = (user: unknown) =>
  JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { user: 'u' } }],
    users: [
      { name: 'other', user: { token: jwt({ exp: 1 }) } },
      { name: 'u', user },
    ],
  });

test('the end of a credential is told, and nothing else of it', async () => {
  const root = temporaryFolder();
  const { cert } = issued(authority('ca'), { commonName: 'plugin' });
  const data = Buffer.from(cert).toString('base64');
  plant(root, {
    '/k/token': config({ token: jwt({ exp: 1_700_000_000 }) }),
    '/k/endless': config({ token: 'plain-token' }),
    '/k/file': config({ tokenFile: 'beside' }),
    '/k/beside': `${jwt({ exp: 1_700_000_001 })}\n`,
    '/k/data': config({ 'client-certificate-data': data }),
    '/k/named': config({ 'client-certificate': '/k/pem' }),
    '/k/pem': cert,
    '/k/bad-pem': config({ 'client-certificate-data': 'AAAA' }),
    '/k/cut': config({ token: 'x' }).slice(0, 40),
    '/k/empty': '',
    '/k/aliases': `a: &a [${'x,'.repeat(9)}x]\nb: &b [${'*a,'.repeat(9)}*a]\nc: &c [${'*b,'.repeat(9)}*b]\n`,
    '/k/huge': `"${'x'.repeat(300_000)}"`,
    '/k/none': config({ username: 'me' }),
  });
  const host = createReadHost(root);
  const told = async (name: string) => Object.values(await credentialOf(host, `/k/${name}`));
  expect(await told('token')).toEqual(['read', 'token', 1_700_000_000_000]);
  expect(await told('endless')).toEqual(['read', 'token', null]);
  expect(await told('file')).toEqual(['read', 'token', 1_700_000_001_000]);
  expect(await told('data')).toEqual(['read', 'certificate', certificateExpiry(cert)]);
  expect(await told('named')).toEqual(['read', 'certificate', certificateExpiry(cert)]);
  expect(certificateExpiry(cert)).toBeGreaterThan(Date.now());
  expect(await told('bad-pem')).toEqual(['malformed', 'certificate', null]);
  for (const name of ['cut', 'empty', 'aliases', 'huge']) {
    expect([name, ...(await told(name))]).toEqual([name, 'malformed', 'none', null]);
  }
  expect(await told('none')).toEqual(['read', 'none', null]);
  expect(await told('gone')).toEqual(['missing', 'none', null]);
});

test('tokens that are cut, binary or wrong tell no end', () => {
  for (const token of [
    '',
    '.',
    '..',
    'a.b',
    'a.!!.c',
    `a.${part(7)}.c`,
    jwt({ exp: '1' }),
    jwt({ exp: -1 }),
    jwt({ exp: 1e300 }),
  ])
    expect(tokenExpiry(token)).toBeNull();
});

test("a plugin's kubeconfig becomes a fact without its secret", async () => {
  const root = temporaryFolder();
  const token = jwt({ exp: 1_700_000_000 });
  plant(root, { '/etc/k': config({ token }) });
  const { value } = await look(root, 'calico', { kubeconfig: '/etc/k', nodename_file: '' });
  expect(value.credentials).toMatchObject([
    {
      plugin: 'calico',
      network: 'podnet',
      path: '/etc/k',
      state: 'read',
      kind: 'token',
      expiresAt: 1_700_000_000_000,
    },
  ]);
  expect(JSON.stringify(value)).not.toContain(token);
});
