import type { CniCacheEntry, CniPlugin, Facts, NetworkInside, Reservation } from '../../src/model/facts.ts';
import type { NsId } from '../../src/model/namespace.ts';
import type { NetworkSeen } from '../../src/model/network.ts';

type Link = NetworkSeen['links'][number];

const IPAM = '/var/lib/cni/networks/podnet';
const CACHE = '/var/lib/cni/results';
const LINK: Link = {
  index: 1,
  name: 'lo',
  mac: '',
  up: true,
  loopback: false,
  kind: '',
  peerIndex: 0,
  peerNetnsId: -1,
  master: 0,
};
const LOOPBACK: Link = { ...LINK, loopback: true };
/** Index of the node's bridge, and of eth0 in every pod. */
const BRIDGE = 2;
const ETH0 = 2;

/** The pod network of a node without pods: its configuration, its bridge, its folder of reservations. */
export function podNetwork(): Pick<
  Facts,
  'reservations' | 'cniCache' | 'cniConf' | 'cniPlugins' | 'cniAgents' | 'networks' | 'firewall'
> {
  return {
    reservations: { reservations: [], folders: [{ path: IPAM, network: 'podnet' }] },
    cniCache: { entries: [], folders: [CACHE], ipamFolders: [{ path: IPAM, network: 'podnet' }] },
    cniConf: {
      folder: '/etc/cni/net.d',
      files: [
        {
          path: '/etc/cni/net.d/10-podnet.conflist',
          name: 'podnet',
          cniVersion: '1.0.0',
          plugins: [
            {
              type: 'bridge',
              bridge: 'cni0',
              ipam: {
                type: 'host-local',
                folder: IPAM,
                ranges: [{ subnet: '10.88.0.0/24', start: '', end: '' }],
              },
            },
            { type: 'portmap', bridge: null, ipam: null },
          ],
          problem: '',
          versions: ['1.0.0'],
          mtime: 0,
        },
      ],
      binDirs: ['/opt/cni/bin'],
      winner: '/etc/cni/net.d/10-podnet.conflist',
      elsewhere: [],
    },
    cniPlugins: {
      binDirs: ['/opt/cni/bin'],
      plugins: [
        plugin('loopback', { from: 'runtime', network: '', role: 'loopback' }),
        plugin('bridge', { from: 'configuration', network: 'podnet', role: 'plugin' }),
        plugin('host-local', { from: 'configuration', network: 'podnet', role: 'ipam' }),
        plugin('portmap', { from: 'configuration', network: 'podnet', role: 'plugin' }),
      ],
    },
    cniAgents: { states: [], credentials: [], handedOver: [] },
    firewall: { rules: [], read: [] },
    networks: {
      host: {
        ns: '4:4026530004',
        path: '/proc/1/ns/net',
        seen: {
          links: [
            { ...LOOPBACK },
            { ...LINK, index: BRIDGE, name: 'cni0', mac: '02:00:0a:58:00:01', kind: 'bridge' },
          ],
          addresses: [
            { link: 1, address: '127.0.0.1', prefix: 8 },
            { link: BRIDGE, address: '10.88.0.1', prefix: 24 },
          ],
          routes: [{ destination: '10.88.0.0/24', gateway: '', link: BRIDGE }],
        },
      },
      pods: [],
    },
  };
}

function plugin(type: string, need: CniPlugin['neededBy'][number]): CniPlugin {
  const path = `/opt/cni/bin/${type}`;
  return { type, neededBy: [need], path, executable: true, machine: 'x64', mtime: 0, versions: null };
}

/** What a pod holds of the pod network: the very objects in the facts. */
export interface PodNetwork {
  reservation: Reservation;
  /** Cache entries of its attachment, and of its loopback. */
  cached: CniCacheEntry;
  cachedLoopback: CniCacheEntry;
  /** Host end of its veth. */
  link: Link;
  inside: NetworkInside;
}

/** Makes what pod `n` (1 to 250) holds of the network; it is in no fact yet. */
export function makePodNetwork(
  n: number,
  { id, ns, pinPath, mtime }: { id: string; ns: NsId; pinPath: string; mtime: number },
): PodNetwork {
  const address = `10.88.0.${n + 1}`;
  const link: Link = {
    ...LINK,
    index: 100 + n,
    name: `veth${n}`,
    mac: `02:00:00:00:00:${(n + 1).toString(16).padStart(2, '0')}`,
    kind: 'veth',
    peerIndex: ETH0,
    peerNetnsId: n,
    master: BRIDGE,
  };
  const cached: CniCacheEntry = {
    path: `${CACHE}/podnet-${id}-eth0`,
    state: 'whole',
    network: 'podnet',
    containerId: id,
    ifName: 'eth0',
    netns: pinPath,
    mtime,
    addresses: [address],
    hostLinks: ['cni0', link.name],
    hasConfig: true,
    given: { interfaces: [{ name: 'eth0', mac: insideMac(n) }], routes: ['0.0.0.0/0'] },
    confirmed: true,
  };
  return {
    reservation: {
      path: `${IPAM}/${address}`,
      folder: IPAM,
      network: 'podnet',
      address,
      containerId: id,
      ifName: 'eth0',
      mtime,
      state: 'whole',
      confirmed: true,
    },
    cached,
    cachedLoopback: {
      ...cached,
      path: `${CACHE}/cni-loopback-${id}-lo`,
      network: 'cni-loopback',
      ifName: 'lo',
      addresses: ['127.0.0.1', '::1'],
      hostLinks: [],
      given: { interfaces: [{ name: 'lo', mac: '00:00:00:00:00:00' }], routes: [] },
    },
    link,
    inside: {
      ns,
      path: pinPath,
      seen: {
        links: [
          { ...LOOPBACK },
          {
            ...LINK,
            index: ETH0,
            name: 'eth0',
            mac: insideMac(n),
            kind: 'veth',
            peerIndex: link.index,
            peerNetnsId: 0,
          },
        ],
        addresses: [
          { link: 1, address: '127.0.0.1', prefix: 8 },
          { link: ETH0, address, prefix: 24 },
        ],
        routes: [
          { destination: '0.0.0.0/0', gateway: '10.88.0.1', link: ETH0 },
          { destination: '10.88.0.0/24', gateway: '', link: ETH0 },
        ],
      },
    },
  };
}

function insideMac(n: number): string {
  return `02:00:0a:58:00:${(n + 1).toString(16).padStart(2, '0')}`;
}

/** Puts what a pod holds into the facts of its node. */
export function attach(node: Facts, { reservation, cached, cachedLoopback, link, inside }: PodNetwork): void {
  node.reservations.reservations.push(reservation);
  node.cniCache.entries.push(cached, cachedLoopback);
  node.networks.host.seen?.links.push(link);
  node.networks.pods.push(inside);
}
