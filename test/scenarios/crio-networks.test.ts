import { describe, expect, it } from 'vitest';
import type { Gathering } from '../../src/collect/gather.ts';
import type { NetworksFact } from '../../src/model/facts.ts';
import { end, found, look } from '../captures/alter.ts';
import { forget, OF_WEB, PIN, WEB } from '../captures/crio.ts';
import { readCapture } from '../captures/load.ts';

/** What the node and the pods of a capture have inside, from its cached results: no such network can be entered. */
function networked(facts: Gathering): { facts: Gathering; networks: NetworksFact } {
  const { cniCache, pins } = facts;
  if (cniCache?.status !== 'complete' || pins?.status !== 'complete') throw new Error('the capture has both');
  const link = { mac: '', up: true, loopback: false, kind: 'veth', peerNetnsId: 0, master: 0 };
  const bridge = { ...link, index: 2, name: 'cni0', kind: 'bridge', peerIndex: 0, peerNetnsId: -1 };
  const host: NetworksFact['host'] = {
    ns: '4:1',
    path: '/proc/1/ns/net',
    seen: { links: [bridge], addresses: [{ link: 2, address: '10.130.0.1', prefix: 16 }], routes: [] },
  };
  const pods = cniCache.value.entries.map(({ netns, addresses, hostLinks }, at) => {
    const index = 100 + at;
    host.seen?.links.push({ ...link, index, name: hostLinks.at(-1) ?? '', peerIndex: 2, master: 2 });
    const pin = pins.value.pins.find(({ path }) => path === netns.replace('/var/run', '/run'));
    return {
      ns: pin?.ns ?? '4:2',
      path: netns,
      seen: {
        links: [{ ...link, index: 2, name: 'eth0', peerIndex: index }],
        addresses: addresses.map((address) => ({
          link: 2,
          address: address.replace(/\/.*/, ''),
          prefix: 16,
        })),
        routes: [],
      },
    };
  });
  const networks: NetworksFact = { host, pods };
  return { facts: { ...facts, networks: { status: 'complete', value: networks, ms: 0 } }, networks };
}

describe('the networks of the captured node crio-1.37, as its cached results tell them', () => {
  it('are sound', async () => {
    expect(await found(networked(await look(readCapture('crio-1.37'))).facts)).toEqual([]);
  });

  it('CNI-14: an address of a pod without a pause is not reserved, is reserved for another one, or is there twice', async () => {
    const capture = readCapture('crio-1.37');
    const file = '/var/lib/cni/networks/podnet/10.130.0.10';
    delete capture.files[file];
    expect(await found(networked(await look(capture)).facts)).toEqual([
      `cni/reservation-conflict unreserved ${file}`,
    ]);
    capture.files[file] = capture.files['/var/lib/cni/networks/podnet/10.130.0.11'] ?? '';
    expect(await found(networked(await look(capture)).facts)).toEqual([
      `cni/reservation-conflict otherOwner ${file}`,
    ]);
    const sound = readCapture('crio-1.37');
    for (const path of Object.keys(sound.files)) {
      if (path.startsWith('/var/lib/cni/results/'))
        sound.files[path] = sound.files[path]?.replaceAll('10.130.0.11/', '10.130.0.10/') ?? '';
    }
    expect(await found(networked(await look(sound)).facts)).toEqual([
      `cni/reservation-conflict doubled ${file}`,
    ]);
  });

  it('CNI-13: a link leads into the network of a sandbox that CRI-O has forgotten', async () => {
    const capture = readCapture('crio-1.37');
    forget(capture, WEB);
    for (const pid of OF_WEB) end(capture, pid);
    expect(await found(networked(await look(capture)).facts)).toEqual([
      'cni/dangling-link dangling veth8b3fba41',
      'cni/leaked-reservation leaked podnet 10.130.0.10',
      `netns/leaked leaked /run/netns/${PIN}`,
    ]);
  });

  it('CNI-10: the bridge kept the address of an old range', async () => {
    const { facts, networks } = networked(await look(readCapture('crio-1.37')));
    const [address] = networks.host.seen?.addresses ?? [];
    if (address) address.address = '10.244.0.1';
    expect(await found(facts)).toEqual(['cni/bridge-address used cni0']);
  });
});
