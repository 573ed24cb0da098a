import { describe, expect, it } from 'vitest';
import { inRange, parseAddress, sameAddress } from '../../src/derive/address.ts';

describe('parseAddress', () => {
  it.each([
    ['10.88.0.2', 32, 0x0a580002n],
    ['255.255.255.255', 32, 0xffffffffn],
    ['::', 128, 0n],
    ['::1', 128, 1n],
    ['fd00::', 128, 0xfd00n << 112n],
    ['1:2:3:4:5:6:7:8', 128, 0x00010002000300040005000600070008n],
    ['::ffff:10.88.0.2', 128, 0xffff0a580002n],
  ] as const)('reads %s', (text, bits, value) => {
    expect(parseAddress(text)).toEqual({ bits, value });
  });

  it.each([
    '',
    '10.88.0',
    '10.88.0.256',
    '10.88.0.2.1',
    'lock',
    ':',
    '1::2::3',
    '1:2:3',
    '1:2:3:4:5:6:7:8:9',
    'g::1',
    '::1%eth0',
  ])('takes %j for none', (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});

it('gives two spellings of one address alike, and other text as it is', () => {
  expect(sameAddress('FD00:0:0::0001')).toBe(sameAddress('fd00::1'));
  expect(sameAddress('10.0.0.1')).not.toBe(sameAddress('::10.0.0.1'));
  expect(sameAddress('lock')).toBe('lock');
});

it.each([
  ['10.88.0.2', '10.88.0.0/24', '', '', true],
  ['10.88.1.2', '10.88.0.0/24', '', '', false],
  ['10.88.0.2', '10.88.0.0/24', '10.88.0.2', '10.88.0.2', true],
  ['10.88.0.2', '10.88.0.0/24', '10.88.0.3', '', false],
  ['10.88.0.2', '10.88.0.0/24', '', '10.88.0.1', false],
  ['10.88.0.2', '0.0.0.0/0', '', '', true],
  ['10.88.0.2', 'fd00::/64', '', '', false],
  ['fd00::7', 'fd00::/64', '', '', true],
  ['10.88.0.2', '10.88.0.0', '', '', false],
  ['lock', '10.88.0.0/24', '', '', false],
])('%s in %s from %j to %j: %s', (address, subnet, start, end, expected) => {
  expect(inRange(address, { subnet, start, end })).toBe(expected);
});
