import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import { ipFamily } from '../../src/model/ip.ts';

test.each([
  '0.0.0.0',
  '10.88.0.17',
  '255.255.255.255',
  '256.0.0.1',
  '010.1.1.1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.4 ',
  '1',
  '',
  '::',
  '::1',
  'fd00::3',
  'FE80::ABCD',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '::ffff:10.0.0.1',
  '::10.0.0.256',
  '1::2::3',
  '12345::',
  ':',
  ':::',
  'a.b.c.d',
  'lock',
  '::1]/x[',
  '[::1]',
  'last_reserved_ip.0',
])('%j is taken for what the system takes it for', (text) => {
  expect(ipFamily(text)).toBe(isIP(text));
});

test('zones belong to no address that is stored', () => {
  expect(ipFamily('fe80::1%eth0')).toBe(0);
});
