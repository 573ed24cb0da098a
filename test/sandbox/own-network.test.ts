import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultNetwork } from '../../src/cni/default-network.ts';
import type { Attachment, SandboxRecord } from '../../src/model/sandbox.ts';
import { chooseNetwork, OWN_BRIDGE, OWN_NETWORK } from '../../src/remedy/choose-network.ts';
import { ownConflist } from '../../src/sandbox/own-network.ts';
import { recordStore } from '../../src/sandbox/records.ts';
import { openState, type StateFolder } from '../../src/sandbox/state-folder.ts';
import { sandboxRecord } from './records.ts';

const SUBNET = '10.87.99.0/24';
const { text: CONFLIST } = defaultNetwork({
  plugins: new Set(['bridge', 'host-local', 'portmap']),
  iptables: true,
  stateDir: '/n',
  subnet: SUBNET,
});
const NETWORK = { kind: 'cni' as const, name: OWN_NETWORK, file: '', conflist: CONFLIST, binDirs: [] };
const ATTACHED: Attachment = {
  network: OWN_NETWORK,
  ifName: 'eth0',
  state: 'attached',
  addresses: ['10.87.99.2/24'],
  interfaces: [],
  routes: [],
  result: {},
};

let dir: string;
let state: StateFolder;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-own-network-'));
  const opened = openState(path.join(dir, 'state'), { create: true });
  if (!opened) throw new Error('no state folder');
  state = opened;
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

function record(
  n: number,
  change: Partial<SandboxRecord>,
  network: SandboxRecord['spec']['network'] = NETWORK,
) {
  const made = sandboxRecord(n);
  return recordStore(state).write({
    ...made,
    spec: { ...made.spec, network },
    attachment: ATTACHED,
    ...change,
  });
}

test('the network of an attached sandbox of this boot is in use, and no other', () => {
  const { bootId } = sandboxRecord(1);
  const ownNetwork = { name: OWN_NETWORK, bridge: OWN_BRIDGE, folder: '/n' };
  const inUse = () => ownConflist({ state, bootId, ownNetwork });
  expect(inUse()).toBeNull();
  record(1, { bootId: 'another' });
  record(2, { attachment: { ...ATTACHED, state: 'begun' } });
  record(3, { attachment: null });
  record(4, {}, { ...NETWORK, file: '/etc/cni/net.d/podctl.conflist' });
  record(5, {}, { ...NETWORK, name: 'other' });
  record(6, { attachment: null }, { kind: 'none' });
  expect(inUse()).toBeNull();
  record(7, {});
  expect(inUse()).toBe(CONFLIST);
});

test('a further sandbox gets the subnet that the network has, with the plugins that are there now', async () => {
  for (const name of ['bridge', 'host-local']) fs.writeFileSync(path.join(dir, name), '', { mode: 0o755 });
  const wish = { wanted: OWN_NETWORK, confDir: path.join(dir, 'net.d'), binDirs: [dir], envPath: '' };
  const { network, missing } = await chooseNetwork({ ...wish, inUse: () => CONFLIST });
  if (network.kind !== 'cni') throw new Error('no network');
  const { plugins } = JSON.parse(network.conflist);
  expect(plugins[0]).toMatchObject({ type: 'bridge', ipam: { ranges: [[{ subnet: SUBNET }]] } });
  expect([plugins.length, missing]).toEqual([1, ['portmap', 'firewall', 'iptables']]);
  const first = await chooseNetwork({ ...wish, inUse: () => null });
  expect(JSON.stringify(first.network)).not.toContain(SUBNET);
});
