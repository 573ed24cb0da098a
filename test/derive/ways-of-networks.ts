import { type Attached, deleteEth0, flush } from '../checks/cni/attached.ts';

const OTHER = {
  kind: '',
  mac: '02:00:00:00:00:77',
  up: true,
  loopback: false,
  peerIndex: 0,
  peerNetnsId: -1,
  master: 0,
};

/** What a node looks like with another plugin. */
export const PLUGINS: [string, (one: Attached) => void][] = [
  ['bridge', () => {}],
  [
    'ptp: no bridge',
    ({ end, entry, plugin }) => {
      end.master = 0;
      entry.hostLinks = [end.name];
      Object.assign(plugin, { type: 'ptp', bridge: null });
    },
  ],
  [
    'macvlan: no veth, no link of the node in the result',
    ({ eth0, entry, plugin }) => {
      Object.assign(eth0, { kind: 'macvlan', peerIndex: 3, peerNetnsId: 0 });
      entry.hostLinks = [];
      Object.assign(plugin, { type: 'macvlan', bridge: null });
    },
  ],
  [
    'host-device: a device of the node',
    ({ eth0, entry, plugin }) => {
      Object.assign(eth0, { kind: '', peerIndex: 0, peerNetnsId: -1 });
      entry.hostLinks = [];
      Object.assign(plugin, { type: 'host-device', bridge: null });
    },
  ],
  [
    'Calico: /32, no interface inside in the result, a route by a gateway that is no address of the node',
    ({ end, entry, inside, plugin }) => {
      end.master = 0;
      entry.hostLinks = [end.name];
      entry.given = { interfaces: [], routes: [] };
      inside.addresses = [{ link: 2, address: '10.88.0.2', prefix: 32 }];
      inside.routes = [
        { destination: '169.254.1.1/32', gateway: '', link: 2 },
        { destination: '0.0.0.0/0', gateway: '169.254.1.1', link: 2 },
      ];
      Object.assign(plugin, { type: 'calico', bridge: null });
    },
  ],
  [
    'Antrea: the host end is in a switch that is no bridge',
    ({ end, host, entry, plugin }) => {
      host.links.push({ ...OTHER, index: 60, name: 'ovs-system', kind: 'openvswitch' });
      end.master = 60;
      entry.hostLinks = [end.name];
      Object.assign(plugin, { type: 'antrea', bridge: null });
    },
  ],
  [
    'Multus, which hands over to others for other networks',
    ({ end, host, entry, plugin }) => {
      host.links.push({ ...OTHER, index: 61, name: 'ens5' });
      end.master = 0;
      entry.hostLinks = [end.name, 'ens5'];
      Object.assign(plugin, { type: 'multus', bridge: null, delegates: ['calico', 'bridge'] });
    },
  ],
  [
    'an old result without interfaces',
    ({ entry }) => {
      entry.hostLinks = [];
      entry.given = { interfaces: [], routes: ['0.0.0.0/0'] };
    },
  ],
  [
    'one that gives nothing',
    (one) => {
      deleteEth0(one);
      Object.assign(one.entry, { addresses: [], hostLinks: [], given: { interfaces: [], routes: [] } });
    },
  ],
];

/** What people and programs do to pods and nodes, so that they differ from the result and work. */
export const HABITS: [string, (one: Attached) => unknown][] = [
  [
    'addresses, links and routes were added',
    ({ inside }) => {
      inside.links.push({ ...OTHER, index: 9, name: 'net1', kind: 'macvlan' });
      inside.addresses.push(
        { link: 9, address: '192.0.2.7', prefix: 24 },
        { link: 2, address: 'fe80::1', prefix: 64 },
      );
      inside.routes.push({ destination: 'fe80::/64', gateway: '', link: 2 });
    },
  ],
  [
    'the address has another prefix',
    ({ inside }) => Object.assign(inside.addresses.at(-1) ?? {}, { prefix: 16 }),
  ],
  [
    'IPv6 is written in another way',
    ({ inside, entry }) => {
      entry.addresses.push('FD00:0:0:0::2');
      inside.addresses.push({ link: 2, address: 'fd00::2', prefix: 64 });
    },
  ],
  [
    'IPv6 is switched off by a sysctl',
    ({ entry }) => {
      entry.addresses.push('fd00::2');
      entry.given?.routes.push('::/0');
    },
  ],
  ['another gateway', ({ inside }) => Object.assign(inside.routes[0] ?? {}, { gateway: '10.88.0.9' })],
  ['a VPN has the default route', ({ inside }) => Object.assign(inside.routes[0] ?? {}, { link: 9 })],
  [
    'a VPN has both halves of it',
    ({ inside }) => {
      const half = { gateway: '', link: 9 };
      inside.routes = [
        { destination: '0.0.0.0/1', ...half },
        { destination: '128.0.0.0/1', ...half },
      ];
    },
  ],
  ['a wider route leads there', ({ entry }) => entry.given?.routes.push('10.96.0.0/12')],
  ['a default route over several links', ({ inside }) => Object.assign(inside.routes[0] ?? {}, { link: 0 })],
  [
    'eth0 was given to a VRF of the pod',
    ({ inside, eth0 }) => {
      eth0.master = 9;
      inside.routes = [];
    },
  ],
  [
    'KubeVirt gave it to a bridge, with a dummy in its place',
    ({ inside, eth0 }) => {
      Object.assign(eth0, { name: 'eth0-nic', master: 9, mac: '02:00:00:00:00:99' });
      inside.links.push({ ...OTHER, index: 8, name: 'eth0', kind: 'dummy' });
      inside.addresses = [{ link: 8, address: '10.88.0.2', prefix: 24 }];
      inside.routes = [];
    },
  ],
  ['it was renamed, with its address', ({ eth0 }) => Object.assign(eth0, { name: 'lan0' })],
  [
    'it was renamed, and has lost it',
    (one) => {
      flush(one);
      one.eth0.name = 'lan0';
    },
  ],
  [
    'it got another hardware address',
    (one) => {
      one.eth0.mac = '02:00:00:00:00:99';
      flush(one);
    },
  ],
  ['its host end got another name', ({ end }) => Object.assign(end, { name: 'pod-web' })],
  ['the bridge got another name', ({ bridge }) => Object.assign(bridge, { name: 'br0' })],
  ['its host end is in a bond, VRF or another bridge', ({ end }) => Object.assign(end, { master: 77 })],
  [
    'its host end is in no namespace that was seen',
    ({ host, end }) => void host.links.splice(host.links.indexOf(end), 1),
  ],
];
