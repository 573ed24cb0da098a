import type { Random } from './random.ts';

type Mutation = (bytes: Buffer, others: readonly Buffer[], chance: Random) => Buffer;

/** What parsers trip over, in no language and in all of them. */
const WORDS = [
  '\0',
  '\ufeff',
  '\u2028',
  '\x1b[2J',
  '../../../etc/passwd',
  '%s%n',
  '__proto__',
  'constructor',
  '-1',
  '1e308',
  'NaN',
  '9007199254740993',
  '18446744073709551616',
  '99999999999999999999999999',
  'null',
  'true',
  '[]',
  '{}',
  '"',
  "'''",
  '\\u0000',
  '\n',
  '\r\n',
  '\t',
  '&a *a',
  '[[',
  '=',
  ':',
  ',',
  '/',
  'x'.repeat(5000),
  '\ud83d\ude00',
].map((word) => Buffer.from(word));

const MUTATIONS: readonly Mutation[] = [
  // A bit that fell over.
  (bytes, _, chance) => {
    const copy = Buffer.from(bytes);
    const at = chance.below(Math.max(1, copy.length));
    if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << chance.below(8));
    return copy;
  },
  // A byte of any value.
  (bytes, _, chance) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[chance.below(copy.length)] = chance.below(256);
    return copy;
  },
  // The end is lost.
  (bytes, _, chance) => bytes.subarray(0, chance.below(bytes.length + 1)),
  // The beginning is lost.
  (bytes, _, chance) => bytes.subarray(chance.below(bytes.length + 1)),
  // A part is lost.
  (bytes, _, chance) => {
    const [from, to] = span(bytes, chance);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  // A part is there twice.
  (bytes, _, chance) => {
    const [from, to] = span(bytes, chance);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  // A block of zeros, as a crash of the machine leaves it.
  (bytes, _, chance) => {
    const [from, to] = span(bytes, chance);
    return Buffer.from(bytes).fill(0, from, to);
  },
  // A word where none should be.
  (bytes, _, chance) => {
    const at = chance.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), chance.pick(WORDS), bytes.subarray(at)]);
  },
  // A word in the place of a part.
  (bytes, _, chance) => {
    const [from, to] = span(bytes, chance);
    return Buffer.concat([bytes.subarray(0, from), chance.pick(WORDS), bytes.subarray(to)]);
  },
  // The beginning of one, the end of another.
  (bytes, others, chance) => {
    const other = chance.pick(others);
    return Buffer.concat([
      bytes.subarray(0, chance.below(bytes.length + 1)),
      other.subarray(chance.below(other.length + 1)),
    ]);
  },
  // Lines in another order, or twice: the same key again.
  (bytes, _, chance) => {
    const lines = bytes.toString('latin1').split('\n');
    lines.splice(chance.below(lines.length), chance.below(2), chance.pick(lines));
    return Buffer.from(lines.join('\n'), 'latin1');
  },
  // Another number.
  (bytes, _, chance) => {
    const numbers = [...bytes.toString('latin1').matchAll(/\d+/g)];
    if (numbers.length === 0) return bytes;
    const { index, 0: digits } = chance.pick(numbers);
    const other = chance.pick(['', '0', '-1', '1.5', '4294967296', '9'.repeat(30)]);
    return Buffer.concat([
      bytes.subarray(0, index),
      Buffer.from(other),
      bytes.subarray(index + digits.length),
    ]);
  },
];

/** The same bytes with one thing wrong. */
export function mutated(bytes: Buffer, others: readonly Buffer[], chance: Random): Buffer {
  return chance.pick(MUTATIONS)(bytes, others, chance);
}

/** Where a part begins and ends: mostly a short one. */
function span(bytes: Buffer, chance: Random): [number, number] {
  const from = chance.below(bytes.length + 1);
  const most = chance.below(4) === 0 ? bytes.length - from : Math.min(16, bytes.length - from);
  return [from, from + chance.below(most + 1)];
}
