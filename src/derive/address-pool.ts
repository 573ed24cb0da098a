import { parseAddress } from './address.ts';

/** A range of host-local's, as the configuration gives it. */
export interface IpamRange {
  subnet: string;
  start: string;
  end: string;
  gateway?: string;
}

/** Addresses of one family that host-local gives out, and how many of them are reserved. */
export interface Pool {
  bits: 32 | 128;
  ranges: string[];
  size: bigint;
  held: number;
}

interface Bounds {
  bits: 32 | 128;
  first: bigint;
  last: bigint;
  gateway: bigint;
}

/** The pools of a network, and what of each is held. Ranges that host-local would not take are left out. */
export function poolsOf(ranges: readonly IpamRange[], reserved: readonly string[]): Pool[] {
  const held = new Map(reserved.map((text) => [text, parseAddress(text)]));
  return ([32, 128] as const).flatMap((bits) => {
    const own = ranges.flatMap((range) => {
      const bounds = boundsOf(range);
      return bounds?.bits === bits ? [{ range, bounds }] : [];
    });
    if (own.length === 0) return [];
    const isHeld = (value: bigint) =>
      own.some(({ bounds: b }) => value >= b.first && value <= b.last && value !== b.gateway);
    const addresses = new Set([...held.values()].flatMap((a) => (a?.bits === bits ? [a.value] : [])));
    return [
      {
        bits,
        ranges: own.map(({ range }) => rangeText(range)),
        size: own.reduce((sum, { bounds }) => sum + sizeOf(bounds), 0n),
        held: [...addresses].filter(isHeld).length,
      },
    ];
  });
}

/** Whether host-local gives this address out from one of the ranges. */
export function poolHas(ranges: readonly IpamRange[], address: string): boolean {
  return poolsOf(ranges, [address]).some(({ held }) => held > 0);
}

/** The gateway of a range with the prefix of its subnet: what the bridge plugin gives to its bridge. Null for no range. */
export function gatewayOf(range: IpamRange): { bits: 32 | 128; value: bigint; prefix: number } | null {
  const bounds = boundsOf(range);
  return bounds && { bits: bounds.bits, value: bounds.gateway, prefix: Number(range.subnet.split('/')[1]) };
}

/** Null for a subnet that is none, or too small to give out addresses from. */
function boundsOf({ subnet, start, end, gateway = '' }: IpamRange): Bounds | null {
  const [base = '', prefix = ''] = subnet.split('/');
  const network = parseAddress(base);
  if (!network || !/^\d{1,3}$/.test(prefix) || Number(prefix) > network.bits - 2) return null;
  const { bits, value } = network;
  const last = value + (1n << BigInt(bits - Number(prefix))) - 1n;
  return {
    bits,
    first: parseAddress(start)?.value ?? value + 1n,
    // The last address of an IPv4 network is for broadcasts.
    last: parseAddress(end)?.value ?? (bits === 32 ? last - 1n : last),
    gateway: parseAddress(gateway)?.value ?? value + 1n,
  };
}

function sizeOf({ first, last, gateway }: Bounds): bigint {
  if (last < first) return 0n;
  return last - first + 1n - (gateway >= first && gateway <= last ? 1n : 0n);
}

function rangeText({ subnet, start, end }: IpamRange): string {
  return start === '' && end === '' ? subnet : `${subnet} (${start || 'first'} to ${end || 'last'})`;
}
