import fs from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { podArgs } from '../../src/cni/attachment.ts';
import { add, del } from '../../src/cni/network.ts';
import { parseCniEntry, storedConfigs } from '../../src/collect/cni-entry.ts';
import type { Collector } from '../../src/collect/collector.ts';
import { gather } from '../../src/collect/gather.ts';
import { networksCollector } from '../../src/collect/networks.ts';
import { reservationsCollector } from '../../src/collect/reservations.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { FactName, Facts } from '../../src/model/facts.ts';
import type { NsId } from '../../src/model/namespace.ts';
import { complete } from '../../src/model/outcome.ts';
import { type Lab, networkOf, openLab } from '../cni/lab.ts';
import { idOf } from '../native/native.ts';
import { id } from '../support/node.ts';
import { linkOf, started } from '../support/proc-tree.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

function given<N extends FactName>(fact: N, value: Facts[N]): Collector {
  return { fact, summary: 'given', timeoutMs: 1000, collect: () => complete(value) };
}

test('what bridge and host-local made is found in cache, reservations and both namespaces; DEL takes it away', async () => {
  const network = networkOf({
    cniVersion: '1.0.0',
    name: 'lab-facts',
    plugins: [
      {
        type: 'bridge',
        bridge: 'facts0',
        isGateway: true,
        ipam: { type: 'host-local', dataDir: `${lab.dir}/ipam`, ranges: [[{ subnet: '10.213.77.0/24' }]] },
      },
    ],
  });
  const netns = await lab.makePod();
  const args = podArgs({ namespace: 'default', name: 'web', id: id('a1') });
  const pod = { containerId: id('a1'), netns, ifName: 'eth0', args };
  await add(lab.runtime, network, pod);

  const stored = storedConfigs();
  const file = `${lab.runtime.cacheDir}/results/lab-facts-${id('a1')}-eth0`;
  const entry = parseCniEntry(fs.readFileSync(file, 'utf8'), stored.of);
  const [, hostEnd = ''] = entry.hostLinks;
  expect(entry).toMatchObject({
    state: 'whole',
    network: 'lab-facts',
    containerId: id('a1'),
    ifName: 'eth0',
    netns,
    addresses: ['10.213.77.2'],
    hostLinks: ['facts0', expect.stringMatching(/^veth/)],
    hasConfig: true,
    rules: { ports: [], masquerade: false },
  });
  const ipamFolders = stored
    .all()
    .flatMap(({ network, plugins }) => plugins.map(({ ipam }) => ({ path: ipam?.folder ?? '', network })));
  expect(ipamFolders).toEqual([{ path: `${lab.dir}/ipam/lab-facts`, network: 'lab-facts' }]);

  const enter = [`--net=${lab.dir}/host`, 'sleep', '1000'];
  const runtime = await started('nsenter', enter, (p) => linkOf(`/proc/${p}/exe`).endsWith('/sleep'));
  const ns = idOf(netns) as NsId;
  const look = async () => {
    const collectors = [
      given('cniCache', { entries: [], folders: [], ipamFolders }),
      given('cniConf', { folder: '', files: [], binDirs: [] }),
      given('pins', {
        pins: [{ path: netns, type: 'net', ns, mounts: 1, scheme: 'foreign', confirmed: true }],
        folders: [],
        seenBy: { pid: runtime, what: 'runtime' },
        attachments: [],
      }),
      reservationsCollector,
      networksCollector,
    ];
    const options = { env: {}, rpcTimeoutMs: 1000 };
    const names: FactName[] = ['reservations', 'networks'];
    const signal = new AbortController().signal;
    const { reservations, networks } = await gather(collectors, names, createReadHost(), options, signal);
    if (reservations?.status !== 'complete' || networks?.status !== 'complete') {
      throw new Error(JSON.stringify({ reservations, networks }));
    }
    const inside = networks.value.pods.find((one) => one.ns === ns)?.seen;
    return {
      held: reservations.value.reservations.filter((one) => one.network === 'lab-facts'),
      outside: networks.value.host.seen?.links.find(({ name }) => name === hostEnd),
      eth0: inside?.links.find(({ name }) => name === 'eth0'),
      addresses: inside?.addresses.map(({ address }) => address),
    };
  };

  const { held, outside, eth0, addresses } = await look();
  expect(held).toMatchObject([
    { address: '10.213.77.2', containerId: id('a1'), ifName: 'eth0', state: 'whole', confirmed: true },
  ]);
  expect(outside).toMatchObject({ kind: 'veth', peerIndex: eth0?.index });
  expect(eth0?.peerIndex).toBe(outside?.index);
  expect(addresses).toContain('10.213.77.2');

  await del(lab.runtime, network, pod);
  const after = await look();
  expect(after).toMatchObject({ held: [], outside: undefined, eth0: undefined });
});
