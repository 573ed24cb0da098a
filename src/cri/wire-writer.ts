/** Pieces of a message, in order. */
export type Writer = Uint8Array[];

export function writeTag(writer: Writer, number: number, wireType: number): void {
  writeUint(writer, number * 8 + wireType);
}

/** A varint of a number that is not negative. */
export function writeUint(writer: Writer, value: number): void {
  writeUint64(writer, BigInt(value));
}

/** A varint; negative numbers as 64 bits in two's complement. */
export function writeUint64(writer: Writer, value: bigint): void {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  writer.push(Uint8Array.from(bytes));
}

/** The length, then the bytes. */
export function writeBytes(writer: Writer, bytes: Uint8Array): void {
  writeUint(writer, bytes.length);
  writer.push(bytes);
}

export function bytesOf(writer: Writer): Buffer {
  return Buffer.concat(writer);
}
