import { expect, test } from 'vitest';
import { networkDrift } from '../../src/derive/network-drift.ts';
import type { NetworkSeen } from '../../src/model/network.ts';
import { ownInside, ownOutside, ownSandbox } from '../support/own.ts';

const { attachment } = ownSandbox(1);
type Damage = (inside: NetworkSeen, outside: NetworkSeen) => void;
const eth0 = (seen: NetworkSeen) =>
  seen.links[1] ?? { name: '', up: true, mac: '', master: 0, kind: '', peerIndex: 0 };

const cases: [string, Damage, string[]][] = [
  ['nothing', () => {}, []],
  ['an address more', (i) => i.addresses.push({ link: 2, address: '10.9.9.9', prefix: 32 }), []],
  ['a link that is down', (i) => Object.assign(eth0(i), { up: false }), ['interface eth0 is down']],
  [
    'another link of that name',
    (i) => Object.assign(eth0(i), { mac: '02:00:00:00:00:99' }),
    ['interface eth0 is another one: its MAC is 02:00:00:00:00:99, was 02:00:00:00:00:02'],
  ],
  ['no link', (i) => i.links.pop(), ['interface eth0 is missing']],
  ['no route', (i) => i.routes.pop(), ['route to 0.0.0.0/0 is missing']],
  [
    'another prefix',
    (i) => Object.assign(i.addresses[0] ?? {}, { prefix: 16 }),
    ['address 10.87.0.2/24 is missing'],
  ],
  ['lo down', (i) => Object.assign(i.links[0] ?? {}, { up: false }), ['lo is down']],
  ['no host end', (_, o) => o.links.pop(), ['the host end of eth0 is missing']],
  [
    'a host end outside the bridge',
    (_, o) => Object.assign(eth0(o), { master: 0 }),
    ['the host end veth9 is not in podctl0'],
  ],
  [
    'a host end that is down',
    (_, o) => Object.assign(eth0(o), { up: false }),
    ['the host end veth9 is down'],
  ],
  [
    'a bridge that is down',
    (_, o) => Object.assign(o.links[0] ?? {}, { up: false }),
    ['the bridge podctl0 is down'],
  ],
];

test.each(cases)('%s', (_, damage, told) => {
  const [inside, outside] = [ownInside(), ownOutside()];
  damage(inside, outside);
  expect(networkDrift(attachment, inside, outside)).toEqual(told);
});

test('without an attachment only loopback counts; without a look at the node its side is not judged', () => {
  expect(networkDrift(null, { links: [], addresses: [], routes: [] }, null)).toEqual(['lo is down']);
  expect(networkDrift(attachment, ownInside(), null)).toEqual([]);
});

test('a macvlan hangs on an interface of the node that others use too', () => {
  const inside = ownInside();
  Object.assign(eth0(inside), { kind: 'macvlan', peerIndex: 3 });
  expect(networkDrift(attachment, inside, { links: [], addresses: [], routes: [] })).toEqual([]);
});
