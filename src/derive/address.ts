/** An address as a number of 32 or 128 bits; null for text that is none. */
export function parseAddress(text: string): { bits: 32 | 128; value: bigint } | null {
  return text.includes(':') ? parseSix(text) : parseFour(text);
}

/** One spelling for each address, so that they can be compared; the text itself when it is no address. */
export function sameAddress(text: string): string {
  const parsed = parseAddress(text);
  return parsed ? `${parsed.bits}:${parsed.value.toString(16)}` : text;
}

/** Whether an address lies in a range of host-local: a subnet, or a part of it. */
export function inRange(text: string, range: { subnet: string; start: string; end: string }): boolean {
  const address = parseAddress(text);
  const [base = '', prefix = ''] = range.subnet.split('/');
  const subnet = parseAddress(base);
  if (!address || !subnet || address.bits !== subnet.bits || !/^\d{1,3}$/.test(prefix)) return false;
  const shift = BigInt(Math.max(subnet.bits - Number(prefix), 0));
  const start = parseAddress(range.start);
  const end = parseAddress(range.end);
  return (
    address.value >> shift === subnet.value >> shift &&
    (start === null || address.value >= start.value) &&
    (end === null || address.value <= end.value)
  );
}

function parseFour(text: string): { bits: 32; value: bigint } | null {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!found) return null;
  const [, a = 0, b = 0, c = 0, d = 0] = found.map(Number);
  if (Math.max(a, b, c, d) > 255) return null;
  // One large number is made, not eight: a node has thousands of addresses to compare.
  return { bits: 32, value: BigInt(((a * 256 + b) * 256 + c) * 256 + d) };
}

function parseSix(text: string): { bits: 128; value: bigint } | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(groupsOf);
  if (!head || (halves.length === 2 && !tail)) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])];
  return { bits: 128, value: groups.reduce((sum, group) => sum * 65_536n + BigInt(group), 0n) };
}

/** Groups of 16 bits; the last two may be written as an IPv4 address. Null where one is none. */
function groupsOf(text: string): number[] | null {
  if (text === '') return [];
  const parts = text.split(':').flatMap((part) => {
    const four = parseFour(part);
    if (four) return [Number(four.value >> 16n), Number(four.value & 0xffffn)];
    return [/^[0-9a-f]{1,4}$/i.test(part) ? Number.parseInt(part, 16) : Number.NaN];
  });
  return parts.some(Number.isNaN) ? null : parts;
}
