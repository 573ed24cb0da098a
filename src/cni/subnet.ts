import { isIPv4 } from 'node:net';

/** An IPv4 network: its first address as a number, and its prefix length. */
export interface Subnet {
  base: number;
  prefix: number;
}

/** `10.87.0.5/24` or `10.87.0.5` as the network that it lies in; null for anything but IPv4. */
export function parseSubnet(text: string): Subnet | null {
  const [address = '', length = '32', more] = text.split('/');
  if (more !== undefined || !isIPv4(address) || !/^\d{1,2}$/.test(length) || Number(length) > 32) return null;
  const prefix = Number(length);
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  return { base: Math.floor(number / size) * size, prefix };
}

export function overlap(a: Subnet, b: Subnet): boolean {
  const end = (s: Subnet) => s.base + 2 ** (32 - s.prefix);
  return a.base < end(b) && b.base < end(a);
}

export function subnetText({ base, prefix }: Subnet): string {
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${parts.join('.')}/${prefix}`;
}
