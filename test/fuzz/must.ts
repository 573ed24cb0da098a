import type { Shape } from '../../src/model/shape.ts';

/** Throws unless a value has its shape: a parser must not hand on what a fact could not hold. */
export function must<T>(shape: Shape<T>, value: T, what = 'value'): void {
  const fault = shape.fault(value, what);
  if (fault !== null) throw new Error(`it gives what it must not: ${fault}`);
}

/** Throws unless something was said that names the file. */
export function mustName(file: string, said: readonly (string | undefined)[]): void {
  if (!said.some((text) => text?.includes(file)))
    throw new Error(`nothing names ${file}: ${said.join('; ') || 'nothing is said'}`);
}

/** Throws with `what` unless it holds. */
export function mustHold(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
