import { MESSAGES } from './gen/wire.ts';
import { MALFORMED, type Reader, readBytes, readText, readUint, readUint64, skip } from './wire-reader.ts';
import { bytesOf, type Writer, writeBytes, writeTag, writeUint64 } from './wire-writer.ts';

/**
 * One field of a message: its number, its name, its type (a scalar or the full name of a message), and whether it
 * is a list or a map by strings.
 */
export type Field = readonly [number: number, name: string, type: string, shape?: 'list' | 'map'];

type Values = Record<string, unknown>;

const VARINT = 0;
const LENGTH = 2;
/** Scalars that are numbers on the wire; all else is laid out as a length and bytes. */
const NUMBERS: ReadonlySet<string> = new Set(['bool', 'int32', 'uint32', 'int64', 'uint64']);
const EMPTY: Readonly<Record<string, unknown>> = {
  string: '',
  bytes: new Uint8Array(),
  bool: false,
  int32: 0,
  uint32: 0,
  int64: 0n,
  uint64: 0n,
};

/** A field, unpacked: a list of thousands of records is read with each step as plain as can be. */
interface Part {
  number: number;
  name: string;
  type: string;
  shape: Field[3];
  wireType: number;
}

/** Parts of a message in order and by their numbers. */
interface Layout {
  parts: readonly Part[];
  byNumber: readonly (Part | undefined)[];
}

const layouts = new Map<string, Layout>();

/**
 * The message in these bytes, in the shape that the generated types give it: absent scalars have their zero value,
 * absent messages are undefined, 64-bit numbers are bigints. Bytes are views of `bytes`, not copies.
 * Unknown fields are skipped. Throws an Error when the bytes are no such message.
 */
export function decode(message: string, bytes: Buffer): Values {
  return readMessage({ bytes, at: 0 }, message, bytes.length);
}

/** The bytes of a message; what is undefined or zero is left out. */
export function encode(message: string, values: object): Buffer {
  const writer: Writer = [];
  writeMessage(writer, message, values as Values);
  return bytesOf(writer);
}

function layoutOf(message: string): Layout {
  let layout = layouts.get(message);
  if (layout === undefined) {
    const fields = MESSAGES[message];
    if (!fields) throw new Error(`no message is called ${message}`);
    const parts = fields.map(partOf);
    const byNumber: (Part | undefined)[] = [];
    for (const part of parts) byNumber[part.number] = part;
    layout = { parts, byNumber };
    layouts.set(message, layout);
  }
  return layout;
}

function partOf([number, name, type, shape]: Field): Part {
  const isNumber = shape !== 'map' && NUMBERS.has(type);
  return { number, name, type, shape, wireType: isNumber ? VARINT : LENGTH };
}

function readMessage(reader: Reader, message: string, end: number): Values {
  const { parts, byNumber } = layoutOf(message);
  const values: Values = {};
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] as Part;
    values[part.name] = part.shape === undefined ? EMPTY[part.type] : part.shape === 'list' ? [] : {};
  }
  if (end > reader.bytes.length) throw new Error(MALFORMED);
  while (reader.at < end) {
    const tag = readUint(reader);
    const part = byNumber[tag >>> 3];
    if (part === undefined || part.wireType !== (tag & 7)) skip(reader, tag & 7);
    else if (part.shape === undefined) values[part.name] = readValue(reader, part.type);
    else if (part.shape === 'list') (values[part.name] as unknown[]).push(readValue(reader, part.type));
    else readEntry(reader, part.type, values[part.name] as Values);
  }
  if (reader.at !== end) throw new Error(MALFORMED);
  return values;
}

/** One entry of a map: a message of a key, 1, and a value, 2. */
function readEntry(reader: Reader, type: string, entries: Values): void {
  const valueType = NUMBERS.has(type) ? VARINT : LENGTH;
  const end = readUint(reader) + reader.at;
  let key = '';
  let value = EMPTY[type];
  while (reader.at < end) {
    const tag = readUint(reader);
    if (tag >>> 3 === 1 && (tag & 7) === LENGTH) key = readText(reader);
    else if (tag >>> 3 === 2 && (tag & 7) === valueType) value = readValue(reader, type);
    else skip(reader, tag & 7);
  }
  if (reader.at !== end) throw new Error(MALFORMED);
  value ??= readMessage({ bytes: Buffer.alloc(0), at: 0 }, type, 0);
  // A key of that name is data, too.
  if (key === '__proto__')
    Object.defineProperty(entries, key, { value, enumerable: true, configurable: true });
  else entries[key] = value;
}

function readValue(reader: Reader, type: string): unknown {
  switch (type) {
    case 'string':
      return readText(reader);
    case 'bytes':
      return readBytes(reader);
    case 'bool':
      return readUint64(reader) !== 0n;
    case 'int32':
      return readUint(reader) | 0;
    case 'uint32':
      return readUint(reader);
    case 'int64':
      return BigInt.asIntN(64, readUint64(reader));
    case 'uint64':
      return readUint64(reader);
    default:
      return readMessage(reader, type, readUint(reader) + reader.at);
  }
}

function writeMessage(writer: Writer, message: string, values: Values): void {
  for (const { number, name, type, shape } of layoutOf(message).parts) {
    const value = values[name];
    if (value === undefined || value === EMPTY[type]) continue;
    if (shape === 'list') for (const one of value as unknown[]) writeField(writer, number, type, one);
    else if (shape === 'map') writeEntries(writer, number, type, value as Values);
    else writeField(writer, number, type, value);
  }
}

function writeEntries(writer: Writer, number: number, type: string, entries: Values): void {
  for (const [key, value] of Object.entries(entries)) {
    const entry: Writer = [];
    writeField(entry, 1, 'string', key);
    writeField(entry, 2, type, value);
    writeTag(writer, number, LENGTH);
    writeBytes(writer, bytesOf(entry));
  }
}

function writeField(writer: Writer, number: number, type: string, value: unknown): void {
  const isNumber = NUMBERS.has(type);
  writeTag(writer, number, isNumber ? VARINT : LENGTH);
  if (isNumber) writeUint64(writer, BigInt(value as boolean | number | bigint));
  else if (type === 'string') writeBytes(writer, Buffer.from(String(value)));
  else if (type === 'bytes') writeBytes(writer, value as Uint8Array);
  else writeBytes(writer, encode(type, value as Values));
}
