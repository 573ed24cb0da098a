import type { ReadHost } from '../../host/read-host.ts';

/** A part of a program, by its place in the file. */
export interface Section {
  from: number;
  size: number;
}

const HEADER = 64;
const ENTRY = 64;
const CLASS_64 = 2;
const MOST_SECTIONS = 200;
const MAX_NAMES = 64 * 1024;

/**
 * Sections of a 64-bit ELF program by name; of two alike the first. Empty for everything else.
 * Throws the system's error.
 */
export function elfSections(host: ReadHost, file: string): Map<string, Section> {
  const header = host.readPart(file, 0, HEADER);
  const found = new Map<string, Section>();
  if (header.length < HEADER || header.toString('latin1', 0, 4) !== '\x7fELF' || header[4] !== CLASS_64)
    return found;
  const isBig = header[5] === 2;
  const half = (from: Buffer, at: number) => (isBig ? from.readUInt16BE(at) : from.readUInt16LE(at));
  const word = (from: Buffer, at: number) => (isBig ? from.readUInt32BE(at) : from.readUInt32LE(at));
  const long = (from: Buffer, at: number) =>
    Number(isBig ? from.readBigUInt64BE(at) : from.readBigUInt64LE(at));
  const count = half(header, 0x3c);
  if (half(header, 0x3a) !== ENTRY || count > MOST_SECTIONS || !isPlace(long(header, 0x28))) return found;
  const table = host.readPart(file, long(header, 0x28), count * ENTRY);
  const entries = Array.from({ length: Math.floor(table.length / ENTRY) }, (_, n) => ({
    name: word(table, n * ENTRY),
    from: long(table, n * ENTRY + 0x18),
    size: long(table, n * ENTRY + 0x20),
  })).filter(({ from, size }) => isPlace(from) && isPlace(size));
  const texts = entries[half(header, 0x3e)];
  if (texts === undefined) return found;
  const names = host.readPart(file, texts.from, Math.min(texts.size, MAX_NAMES)).toString('latin1');
  for (const { name, from, size } of entries) {
    const end = names.indexOf('\0', name);
    const called = names.slice(name, end < 0 ? undefined : end);
    if (!found.has(called)) found.set(called, { from, size });
  }
  return found;
}

function isPlace(value: number): boolean {
  return Number.isSafeInteger(value);
}
