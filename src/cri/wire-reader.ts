/** Bytes of a protobuf message and how far they were read. */
export interface Reader {
  readonly bytes: Buffer;
  at: number;
}

export const MALFORMED = 'the bytes are not a message of this kind';

/** A varint's lower 32 bits; what stands above (of a negative int32) is dropped. Throws where the bytes end. */
export function readUint(reader: Reader): number {
  const first = reader.bytes[reader.at];
  // Most tags and lengths take one byte.
  if (first !== undefined && first < 0x80) {
    reader.at += 1;
    return first;
  }
  return readLongUint(reader);
}

function readLongUint(reader: Reader): number {
  const { bytes } = reader;
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = bytes[reader.at];
    if (byte === undefined) throw new Error(MALFORMED);
    reader.at += 1;
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value >>> 0;
  }
  throw new Error(MALFORMED);
}

/** A varint of up to 64 bits. */
export function readUint64(reader: Reader): bigint {
  const begin = reader.at;
  let value = readUint(reader);
  const length = reader.at - begin;
  if (length <= 4) return BigInt(value);
  value = 0;
  let high = 0n;
  for (let i = 0; i < length; i += 1) {
    const bits = (reader.bytes[begin + i] ?? 0) & 0x7f;
    if (i < 7) value += bits * 2 ** (7 * i);
    else high |= BigInt(bits) << BigInt(7 * i);
  }
  return BigInt.asUintN(64, high | BigInt(value));
}

/** A view of the bytes, no copy. */
export function readBytes(reader: Reader): Buffer {
  const length = readUint(reader);
  const begin = reader.at;
  if (begin + length > reader.bytes.length) throw new Error(MALFORMED);
  reader.at = begin + length;
  return reader.bytes.subarray(begin, reader.at);
}

/** UTF-8; what is not well formed becomes replacement characters. */
export function readText(reader: Reader): string {
  const length = readUint(reader);
  const begin = reader.at;
  if (begin + length > reader.bytes.length) throw new Error(MALFORMED);
  reader.at = begin + length;
  return reader.bytes.toString('utf8', begin, reader.at);
}

/** Passes over a field that nobody reads. */
export function skip(reader: Reader, wireType: number): void {
  if (wireType === 0) readUint(reader);
  else if (wireType === 1) reader.at += 8;
  else if (wireType === 2) {
    const length = readUint(reader);
    reader.at += length;
  } else if (wireType === 5) reader.at += 4;
  else throw new Error(MALFORMED);
  if (reader.at > reader.bytes.length) throw new Error(MALFORMED);
}
