import { expect, it } from 'vitest';
import { normaliseResult, resultAs } from '../../src/cni/result.ts';

const DNS = { nameservers: [], domain: '', search: [], options: [] };

it('keeps a result of 1.x, and drops indexes that point nowhere', () => {
  expect(
    normaliseResult({
      cniVersion: '1.1.0',
      interfaces: [{ name: 'veth1' }, { name: 'eth0', mac: 'aa', mtu: 1400, sandbox: '/n' }],
      ips: [
        { address: '10.1.0.5/16', gateway: '10.1.0.1', interface: 1 },
        { address: 'fd00::5/64', interface: 7 },
      ],
      routes: [{ dst: '::/0', gw: 'fd00::1', mtu: 9 }, { dst: '0.0.0.0/0' }],
      dns: { nameservers: ['10.1.0.1', 3], search: ['a'], domain: 'b' },
    }),
  ).toEqual({
    interfaces: [
      { name: 'veth1', mac: '', mtu: null, sandbox: '' },
      { name: 'eth0', mac: 'aa', mtu: 1400, sandbox: '/n' },
    ],
    ips: [
      { address: '10.1.0.5/16', gateway: '10.1.0.1', interface: 1 },
      { address: 'fd00::5/64', gateway: null, interface: null },
    ],
    routes: [
      { dst: '::/0', gw: 'fd00::1' },
      { dst: '0.0.0.0/0', gw: null },
    ],
    dns: { nameservers: ['10.1.0.1'], search: ['a'], domain: 'b', options: [] },
  });
});

const OLDEST = {
  cniVersion: '0.2.0',
  ip4: { ip: '10.1.0.5/16', gateway: '10.1.0.1', routes: [{ dst: '0.0.0.0/0' }] },
  ip6: { ip: 'fd00::5/64', routes: [{ dst: '::/0', gw: 'fd00::1' }] },
  dns: { nameservers: ['10.1.0.1'] },
};

it('reads the oldest form, and turns versions into each other and back', () => {
  expect(normaliseResult(OLDEST)).toEqual({
    interfaces: [],
    ips: [
      { address: '10.1.0.5/16', gateway: '10.1.0.1', interface: null },
      { address: 'fd00::5/64', gateway: null, interface: null },
    ],
    routes: [
      { dst: '0.0.0.0/0', gw: null },
      { dst: '::/0', gw: 'fd00::1' },
    ],
    dns: { ...DNS, nameservers: ['10.1.0.1'] },
  });
  const old = resultAs(OLDEST, '0.4.0');
  expect(old).toEqual({
    cniVersion: '0.4.0',
    ips: [
      { version: '4', address: '10.1.0.5/16', gateway: '10.1.0.1' },
      { version: '6', address: 'fd00::5/64' },
    ],
    routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0', gw: 'fd00::1' }],
    dns: { nameservers: ['10.1.0.1'] },
  });
  const now = resultAs(old, '1.0.0');
  expect(now.ips).toEqual([{ address: '10.1.0.5/16', gateway: '10.1.0.1' }, { address: 'fd00::5/64' }]);
  expect(normaliseResult(resultAs(now, '0.2.0'))).toEqual(normaliseResult(OLDEST));
  expect(resultAs(now, '1.0.0')).toBe(now);
});

it.each([
  null,
  'x',
  [],
  { ips: {} },
  { ips: [{ address: '10.1.0.5' }] },
  { ips: [{ address: '10.1.0.5/33' }] },
  { ips: [{ address: '10.1.0.555/3' }] },
  { ips: [null] },
  { interfaces: [{}] },
  { routes: [{ dst: 'default' }] },
  { ip4: { gateway: 'x' } },
])('takes %j for no result', (raw) => {
  expect(normaliseResult(raw)).toBeNull();
});
