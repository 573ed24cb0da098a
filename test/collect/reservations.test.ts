import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Collector } from '../../src/collect/collector.ts';
import { reservationsCollector } from '../../src/collect/reservations.ts';
import type { Facts, Reservation, Sandbox } from '../../src/model/facts.ts';
import { complete, type Gathered, partial } from '../../src/model/outcome.ts';
import { lookAt } from '../support/look-at.ts';
import { emptyNode, id } from '../support/node.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const USUAL = '/var/lib/cni/networks';

function given<N extends 'cniConf' | 'cniCache' | 'sandboxes'>(
  fact: N,
  value: Gathered<Facts[N]>,
  before: () => void = () => {},
): Collector {
  const after = fact === 'sandboxes' ? (['reservations'] as const) : [];
  const collect = () => {
    before();
    return value;
  };
  return { fact, summary: 'given', timeoutMs: 1000, after, collect };
}

interface Seen {
  conf?: Gathered<Facts['cniConf']>;
  ipamFolders?: Facts['cniCache']['ipamFolders'];
  meanwhile?: () => void;
}

async function look(root: string, { conf, ipamFolders = [], meanwhile }: Seen = {}) {
  const none = { folder: '/etc/cni/net.d', files: [], binDirs: [] };
  const collectors = [
    given('cniConf', conf ?? complete(none)),
    given('cniCache', complete({ entries: [], folders: [], ipamFolders })),
    reservationsCollector,
    given('sandboxes', complete([{ id: id('a1') } as Sandbox]), meanwhile),
  ];
  const names = ['reservations' as const, ...(meanwhile ? ['sandboxes' as const] : [])];
  const { reservations } = await lookAt(root, collectors, names);
  if (!reservations || !('value' in reservations)) throw new Error(JSON.stringify(reservations));
  return reservations;
}

const told = ({ path: at, address, containerId, ifName, state }: Reservation) => [
  path.basename(at),
  address,
  containerId,
  ifName,
  state,
];

test('an empty node has none', async () => {
  const { status, value } = await look(temporaryFolder());
  expect([status, value]).toEqual(['complete', { reservations: [], folders: [], blocked: [] }]);
});

test('as host-local wrote them: new and old form, both families; its own files are none', async () => {
  const root = temporaryFolder();
  plant(root, {
    [`${USUAL}/podnet/10.88.0.2`]: `${id('a1')}\r\neth0`,
    [`${USUAL}/podnet/10.88.0.3`]: id('a2'),
    [`${USUAL}/podnet/fd00::3`]: `${id('a2')}\nnet1\n`,
    [`${USUAL}/podnet/last_reserved_ip.0`]: '10.88.0.3',
    [`${USUAL}/podnet/last_reserved_ip.12`]: 'fd00::3',
    [`${USUAL}/podnet/lock`]: '',
    [`${USUAL}/empty-net/lock`]: '',
  });
  const { status, value } = await look(root);
  expect(status).toBe('complete');
  expect(value.folders).toEqual([
    { path: `${USUAL}/empty-net`, network: 'empty-net' },
    { path: `${USUAL}/podnet`, network: 'podnet' },
  ]);
  expect(value.reservations.map(told)).toEqual([
    ['10.88.0.2', '10.88.0.2', id('a1'), 'eth0', 'whole'],
    ['10.88.0.3', '10.88.0.3', id('a2'), '', 'whole'],
    ['fd00::3', 'fd00::3', id('a2'), 'net1', 'whole'],
  ]);
  const [first] = value.reservations;
  expect(first).toMatchObject({ folder: `${USUAL}/podnet`, network: 'podnet', confirmed: true });
  expect(first?.mtime).toBe(fs.statSync(path.join(root, first?.path ?? '')).mtimeMs);
});

test('hostile contents and kinds are named, and never followed', async () => {
  const root = temporaryFolder();
  plant(root, {
    [`${USUAL}/podnet/10.0.0.1`]: '',
    [`${USUAL}/podnet/10.0.0.2`]: ' \n',
    [`${USUAL}/podnet/10.0.0.3`]: '../../../etc/passwd\neth0',
    [`${USUAL}/podnet/10.0.0.4`]: '\u0000\u0001\u0002ELF',
    [`${USUAL}/podnet/10.0.0.5`]: 'a\nb\nc\nd',
    [`${USUAL}/podnet/10.0.0.6/x`]: id('a1'),
    [`${USUAL}/podnet/10.0.0.7`]: 'x'.repeat(1_000_000),
    [`${USUAL}/podnet/two\nlines`]: id('a1'),
    [`${USUAL}/podnet/999.0.0.1`]: id('a1'),
    '/etc/passwd': id('a1'),
    [`${USUAL}/a-file`]: id('a1'),
  });
  fs.symlinkSync('/etc/passwd', path.join(root, USUAL, 'podnet/10.0.0.8'));
  fs.symlinkSync('/nowhere', path.join(root, USUAL, 'podnet/10.0.0.9'));
  fs.symlinkSync('/etc', path.join(root, USUAL, 'evil'));
  const { status, value } = await look(root);
  expect(status).toBe('complete');
  expect(value.folders.map(({ network }) => network)).toEqual(['podnet']);
  expect(value.reservations.map(told)).toEqual([
    ['evil', null, null, '', 'foreign'],
    ['10.0.0.1', '10.0.0.1', null, '', 'empty'],
    ['10.0.0.2', '10.0.0.2', null, '', 'empty'],
    ['10.0.0.3', '10.0.0.3', null, '', 'malformed'],
    ['10.0.0.4', '10.0.0.4', null, '', 'malformed'],
    ['10.0.0.5', '10.0.0.5', null, '', 'malformed'],
    ['10.0.0.6', '10.0.0.6', null, '', 'foreign'],
    ['10.0.0.7', '10.0.0.7', null, '', 'malformed'],
    ['10.0.0.8', '10.0.0.8', null, '', 'foreign'],
    ['10.0.0.9', '10.0.0.9', null, '', 'foreign'],
    ['999.0.0.1', null, id('a1'), '', 'whole'],
    ['two\nlines', null, id('a1'), '', 'whole'],
  ]);
});

test("every configuration's data folder is looked into, each once, podctl's own too", async () => {
  const root = temporaryFolder();
  const { cniConf } = emptyNode();
  const [file] = cniConf.files;
  const [bridge] = file?.plugins ?? [];
  if (bridge?.ipam) bridge.ipam.folder = '/run/lab/podnet';
  plant(root, {
    '/run/lab/podnet/10.1.0.2': id('b1'),
    '/srv/old/10.2.0.2': id('b2'),
    '/run/podctl/network/ipam/podctl/10.87.0.2': id('b3'),
    [`${USUAL}/gone/lock`]: '',
  });
  fs.mkdirSync(path.join(root, 'var/run'), { recursive: true });
  fs.symlinkSync('/run/lab', path.join(root, 'var/run/lab'));
  const { status, value } = await look(root, {
    conf: complete(cniConf),
    ipamFolders: [
      { path: '/srv/old', network: 'old' },
      { path: '/srv/missing', network: 'missing' },
      { path: '/var/run/lab/podnet', network: 'podnet' },
    ],
  });
  expect(status).toBe('complete');
  expect(value.reservations.map((r) => [r.network, r.address])).toEqual([
    ['podnet', '10.1.0.2'],
    ['old', '10.2.0.2'],
    ['podctl', '10.87.0.2'],
  ]);
});

test('a data folder that is a link, or a configuration that was not read: members may be missing', async () => {
  const root = temporaryFolder();
  plant(root, { '/etc/10.0.0.1': id('a1'), '/srv/x': '' });
  fs.symlinkSync('/etc', path.join(root, 'srv/link'));
  const linked = await look(root, { ipamFolders: [{ path: '/srv/link', network: 'n' }] });
  expect([linked.status, linked.value.reservations]).toEqual(['partial', []]);
  expect(linked.problems?.[0]?.message).toContain('/srv/link is no folder, and is not followed');
  const unread = await look(root, { conf: partial({ folder: '', files: [], binDirs: [] }, []) });
  expect(unread.status).toBe('partial');
  expect(unread.problems?.[0]?.message).toContain('cniConf was not read whole');
});

test('more than anybody has are not all read, and that is said', async () => {
  const root = temporaryFolder();
  plant(root, { [`${USUAL}/podnet/n0`]: id('a1') });
  for (let i = 1; i < 100_000; i += 1) {
    const target = path.join(root, USUAL, 'podnet', i % 30_000 === 0 ? `m${i}` : `n${i}`);
    if (i % 30_000 === 0) fs.writeFileSync(target, id('a1'));
    else
      fs.linkSync(path.join(root, USUAL, 'podnet', `${i < 30_000 ? 'n0' : `m${i - (i % 30_000)}`}`), target);
  }
  const { status, value, problems } = await look(root);
  expect(status).toBe('partial');
  expect(value.reservations).toHaveLength(20_000);
  expect(problems?.[0]?.message).toContain('holds 100000 files; 20000 of them were read');
});

test('what went away or was let again meanwhile is not confirmed', async () => {
  const root = temporaryFolder();
  const file = (name: string) => path.join(root, USUAL, 'podnet', name);
  plant(root, {
    [`${USUAL}/podnet/10.0.0.1`]: id('a1'),
    [`${USUAL}/podnet/10.0.0.2`]: id('a2'),
    [`${USUAL}/podnet/10.0.0.3`]: id('a3'),
    [`${USUAL}/podnet/10.0.0.4`]: id('a4'),
    [`${USUAL}/podnet/10.0.0.5`]: id('a5'),
  });
  const { mtime } = fs.statSync(file('10.0.0.3'));
  const { value } = await look(root, {
    meanwhile() {
      fs.rmSync(file('10.0.0.1'));
      fs.rmSync(file('10.0.0.2'));
      fs.writeFileSync(file('10.0.0.3'), id('ff'));
      fs.utimesSync(file('10.0.0.3'), mtime, mtime);
      fs.utimesSync(file('10.0.0.4'), 1, 1);
    },
  });
  // The first one's sandbox is listed.
  expect(value.reservations.map((r) => r.confirmed)).toEqual([true, false, false, false, true]);
});

test('what is in place of a folder, which then has no members and is no problem', async () => {
  const root = temporaryFolder();
  plant(root, { [`${USUAL}/podnet`]: '' });
  fs.symlinkSync('/gone', path.join(root, USUAL, 'linked'));
  const ipamFolders = ['podnet', 'linked'].map((network) => ({ path: `${USUAL}/${network}`, network }));
  const { status, value } = await look(root, { ipamFolders });
  const [podnet, linked] = ipamFolders.map(({ path: folder, network }) => ({
    folder,
    network,
    path: folder,
  }));
  expect({ status, value }).toEqual({
    status: 'complete',
    value: {
      reservations: [],
      folders: [],
      blocked: [
        { ...podnet, what: 'file' },
        { ...linked, what: 'link' },
      ],
    },
  });
});
