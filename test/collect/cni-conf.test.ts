import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cniConfCollector } from '../../src/collect/cni-conf.ts';
import type { Collector } from '../../src/collect/collector.ts';
import type { Facts } from '../../src/model/facts.ts';
import { absent, complete } from '../../src/model/outcome.ts';
import { lookAt } from '../support/look-at.ts';
import { emptyNode } from '../support/node.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { given } from './given.ts';

interface Told {
  runtime?: Facts['runtime']['cni'];
  files?: Facts['runtimeConfig']['cni'];
}

/** Stands for a runtime that shows these folders, and files that name those. */
function runtimes({ runtime, files }: Told): Collector[] {
  const node = emptyNode();
  const shown = runtime ? complete({ ...node.runtime, cni: runtime }) : absent('no runtime');
  const stated = files ? complete({ ...node.runtimeConfig, cni: files }) : absent('no files');
  const given = { summary: 'given', timeoutMs: 1000 };
  return [
    { ...given, fact: 'runtime', collect: () => shown },
    { ...given, fact: 'runtimeConfig', collect: () => stated },
  ];
}

const NOTHING = { gateway: false, forceAddress: false, masquerade: false, ports: false, tunesPorts: false };

async function look(root: string, told: Told = {}) {
  const { cniConf } = await lookAt(root, [...runtimes(told), cniConfCollector], ['cniConf']);
  if (!cniConf || !('value' in cniConf)) throw new Error(JSON.stringify(cniConf));
  return cniConf;
}

test('what the runtime shows beats what its files say, and both the usual', async () => {
  const root = temporaryFolder();
  const shown = { confDir: '/shown', binDirs: ['/bin-a', '/bin-b'] };
  const stated = { confDir: '/stated', binDirs: ['/bin-c'] };
  const folder = async (told: Told) => {
    const { value } = await look(root, told);
    return [value.folder, value.binDirs, value.files];
  };
  expect(await folder({ runtime: shown, files: stated })).toEqual(['/shown', ['/bin-a', '/bin-b'], []]);
  expect(await folder({ files: stated })).toEqual(['/stated', ['/bin-c'], []]);
  expect(await folder({})).toEqual(['/etc/cni/net.d', ['/opt/cni/bin'], []]);
});

test('files in load order, with bridges and ranges, without secrets; one that cannot be used says why', async () => {
  const root = temporaryFolder();
  const list = {
    cniVersion: '1.0.0',
    name: 'podnet',
    plugins: [
      {
        type: 'bridge',
        token: 'hush',
        ipam: {
          type: 'host-local',
          ranges: [
            [{ subnet: '10.1.0.0/24', rangeStart: '10.1.0.10', rangeEnd: '10.1.0.20' }],
            [{ subnet: 'fd00::/64' }, 7],
          ],
        },
      },
      { type: 'calico', bridge: 'own', ipam: { type: 'calico-ipam', secret: 'hush' } },
      { type: 'portmap' },
    ],
  };
  const old = {
    name: 'old',
    type: 'ptp',
    ipam: { type: 'host-local', subnet: '10.2.0.0/16', dataDir: '/run/x/../ipam' },
  };
  plant(root, {
    '/etc/cni/net.d/20-podnet.conflist': JSON.stringify(list),
    '/etc/cni/net.d/05-old.conf': JSON.stringify(old),
    '/etc/cni/net.d/10-broken.conflist': '{"name": "x", "password": "hush"',
    '/etc/cni/net.d/15-deep.conf': `{"name":"deep","type":"x","y":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    '/etc/cni/net.d/README': 'no configuration',
  });
  fs.symlinkSync('/nowhere', path.join(root, 'etc/cni/net.d/30-dangling.conf'));
  const { status, value, problems } = await look(root);
  expect(status).toBe('complete');
  expect(value.files.map((f) => [path.basename(f.path), f.name, f.problem === ''])).toEqual([
    ['05-old.conf', 'old', true],
    ['10-broken.conflist', '', false],
    ['15-deep.conf', '', false],
    ['20-podnet.conflist', 'podnet', true],
    ['30-dangling.conf', '', false],
  ]);
  expect(problems?.map(({ subject }) => path.basename(subject ?? ''))).toEqual([
    '10-broken.conflist',
    '15-deep.conf',
    '30-dangling.conf',
  ]);
  expect(value.files[0]?.plugins).toEqual([
    {
      type: 'ptp',
      bridge: null,
      ipam: {
        type: 'host-local',
        folder: '/run/ipam/old',
        ranges: [{ subnet: '10.2.0.0/16', start: '', end: '', gateway: '' }],
      },
      does: NOTHING,
    },
  ]);
  expect(value.files[3]?.plugins).toEqual([
    {
      type: 'bridge',
      bridge: 'cni0',
      ipam: {
        type: 'host-local',
        folder: '/var/lib/cni/networks/podnet',
        ranges: [
          { subnet: '10.1.0.0/24', start: '10.1.0.10', end: '10.1.0.20', gateway: '' },
          { subnet: 'fd00::/64', start: '', end: '', gateway: '' },
        ],
      },
      does: NOTHING,
    },
    { type: 'calico', bridge: 'own', ipam: { type: 'calico-ipam', folder: '', ranges: [] }, does: NOTHING },
    { type: 'portmap', bridge: null, ipam: null, does: NOTHING },
  ]);
  expect(JSON.stringify({ value, problems })).not.toContain('hush');
});

test('a relative data folder is nobody knows where: the usual one is meant', async () => {
  const root = temporaryFolder();
  const conf = { name: 'n', type: 'bridge', ipam: { type: 'host-local', dataDir: '../../etc' } };
  plant(root, { '/etc/cni/net.d/1.conf': JSON.stringify(conf) });
  const { value } = await look(root);
  expect(value.files[0]?.plugins[0]?.ipam?.folder).toBe('/var/lib/cni/networks/n');
});

test('the first file wins, usable or not; CRI-O skips what it cannot use, and may be told a name', async () => {
  const root = temporaryFolder();
  const one = (name: string) => JSON.stringify({ name, cniVersion: '1.0.0', type: 'bridge' });
  plant(root, {
    '/etc/cni/net.d/05-cut.conf': '{',
    '/etc/cni/net.d/10-a.conf': one('a'),
    '/etc/cni/net.d/20-b.conf': one('b'),
  });
  const winner = async (name: string, defaultNetwork?: string) => {
    const node = emptyNode();
    const cni = { confDir: '/etc/cni/net.d', binDirs: [], ...(defaultNetwork ? { defaultNetwork } : {}) };
    const known: Collector[] = [
      given('runtime', { ...node.runtime, name }),
      given('runtimeConfig', { ...node.runtimeConfig, cni }),
    ];
    const { cniConf } = await lookAt(root, [...known, cniConfCollector], ['cniConf']);
    return cniConf && 'value' in cniConf ? path.basename(cniConf.value.winner ?? '') : undefined;
  };
  expect(await winner('containerd')).toBe('05-cut.conf');
  expect(await winner('cri-o')).toBe('10-a.conf');
  expect(await winner('cri-o', 'b')).toBe('20-b.conf');
  expect(await winner('cri-o', 'gone')).toBe('10-a.conf');
});

test('a list in a file that is called conf cannot be used; an unknown version can', async () => {
  const root = temporaryFolder();
  const list = { name: 'n', cniVersion: '9.0.0', plugins: [{ type: 'bridge' }] };
  plant(root, {
    '/etc/cni/net.d/1.conflist': JSON.stringify(list),
    '/etc/cni/net.d/2.conf': JSON.stringify({ ...list, cniVersion: '1.0.0' }),
    '/etc/cni/net.d/3.conflist': JSON.stringify({ ...list, cniVersion: ['9.0.0'] }),
  });
  const { value } = await look(root);
  expect(value.files.map((f) => [f.name, f.cniVersion, f.versions, f.problem === ''])).toEqual([
    ['n', '9.0.0', ['9.0.0'], true],
    ['n', '1.0.0', ['1.0.0'], false],
    ['', '', [], false],
  ]);
});

test('where its own folder is empty, files in the usual ones are named', async () => {
  const root = temporaryFolder();
  plant(root, { '/etc/cni/net.d/1.conf': '{}', '/etc/cni/net.d/README': '' });
  const { value } = await look(root, { runtime: { confDir: '/other', binDirs: [] } });
  expect([value.winner, value.elsewhere]).toEqual([null, ['/etc/cni/net.d/1.conf']]);
});

test('what the plugins do to bridge and firewall', async () => {
  const root = temporaryFolder();
  const plugins = [
    { type: 'bridge', isDefaultGateway: true, forceAddress: true, ipMasq: true },
    { type: 'portmap', capabilities: { portMappings: true } },
    { type: 'ptp', isGateway: true, ipMasq: 'yes' },
    { type: 'portmap' },
  ];
  plant(root, { '/etc/cni/net.d/1.conflist': JSON.stringify({ name: 'n', cniVersion: '1.0.0', plugins }) });
  const { value } = await look(root);
  expect(value.files[0]?.plugins.map(({ does }) => does)).toEqual([
    { ...NOTHING, gateway: true, forceAddress: true, masquerade: true },
    { ...NOTHING, ports: true },
    NOTHING,
    NOTHING,
  ]);
});
