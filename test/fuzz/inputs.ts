import { extremes } from './extremes.ts';
import { mutated } from './mutations.ts';
import { random } from './random.ts';
import { retyped } from './retyped.ts';

/** The language of a text, as far as it says how the text can be damaged. */
export type Kind = 'json' | 'toml' | 'yaml' | 'text' | 'bytes';

/** A damaged input, and how it came to be. */
export interface Input {
  how: string;
  bytes: Buffer;
}

export interface InputsWanted {
  kind: Kind;
  /** Whole files, as real nodes have them. */
  samples: readonly (string | Buffer)[];
  count: number;
  seed: number;
  /** No larger input: what reads the file refuses it before. */
  maxBytes: number;
}

/** Of a sample, so many lengths at most are cut at. */
const CUTS = 400;
const RETYPED = 600;

/**
 * So many damaged inputs, the same for the same seed: first what is odd for any file, then every sample cut at many
 * lengths, JSON with the wrong type at every path, and as many random changes as are left.
 */
export function* inputs({ kind, samples, count, seed, maxBytes }: InputsWanted): Generator<Input> {
  const whole = samples.map((sample) => Buffer.from(sample));
  let left = count;
  for (const input of fixed(kind, whole)) {
    if (left === 0) return;
    if (input.bytes.length > maxBytes) continue;
    left -= 1;
    yield input;
  }
  for (let n = 0; left > 0; n += 1, left -= 1) yield changed(whole, seed + n);
}

/** The random change that a seed stands for. */
function changed(samples: readonly Buffer[], seed: number): Input {
  const chance = random(seed);
  const sample = chance.pick(samples);
  let bytes = mutated(sample, samples, chance);
  for (let more = chance.below(4); more > 0; more -= 1) bytes = mutated(bytes, samples, chance);
  return { how: `seed ${seed}`, bytes };
}

function* fixed(kind: Kind, samples: readonly Buffer[]): Generator<Input> {
  yield* extremes(kind);
  for (const [n, sample] of samples.entries()) {
    const step = Math.max(1, Math.ceil((sample.length * samples.length) / CUTS));
    for (let length = 0; length < sample.length; length += step)
      yield { how: `sample ${n} cut at ${length}`, bytes: sample.subarray(0, length) };
    if (kind !== 'json') continue;
    for (const { at, bytes } of retyped(sample, Math.ceil(RETYPED / samples.length)))
      yield { how: `sample ${n} with another value at ${at}`, bytes };
  }
}
