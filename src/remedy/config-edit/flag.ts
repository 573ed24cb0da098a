import { isDeepStrictEqual } from 'node:util';
import { type FlagInText, flagsIn } from '../../model/flag-text.ts';

/**
 * A unit or environment file with a flag taken out (null), or given another value, and the proof that every other
 * word is as before. Throws an Error where that cannot be had.
 */
export function editFlag(text: string, flag: string, value: string | null): string {
  const found = flagsIn(text, flag);
  const edited = found.reduceRight((now, one) => withValue(now, one, value), text);
  const left = flagsIn(edited, flag);
  const isRight =
    left.length === (value === null ? 0 : found.length) && left.every((one) => one.value === value);
  const isSame = isDeepStrictEqual(otherWords(text, found), otherWords(edited, left));
  if (!isRight || !isSame || !found.every((one) => isWhole(text, one)))
    throw new Error(`--${flag} is written in a way in which it cannot be changed alone: edit it by hand`);
  return edited;
}

/** Nothing right behind the flag belongs to its value in a way that is not understood. */
function isWhole(text: string, { from, to }: FlagInText): boolean {
  return /^["'\s]?$/.test(text.charAt(to)) && !text.slice(from, to).includes('\\');
}

function withValue(text: string, one: FlagInText, value: string | null): string {
  const { from, to, value: old, valueFrom } = one;
  if (value !== null) return text.slice(0, valueFrom) + value + text.slice(valueFrom + old.length);
  const quote = text.charAt(from - 1);
  // A word of its own in quotes goes with them: an empty word would be one more argument.
  const isWord = /["']/.test(quote) && text.charAt(to) === quote && /^\s?$/.test(text.charAt(from - 2));
  const before = text.slice(0, isWord ? from - 1 : from);
  const after = text.slice(isWord ? to + 1 : to);
  const isInRow = /\S[ \t]+$/.test(before);
  return isInRow ? before.trimEnd() + after : before + after.replace(/^[ \t]+/, '');
}

function otherWords(text: string, flags: readonly FlagInText[]): string[] {
  const others = flags.reduceRight((now, { from, to }) => `${now.slice(0, from)} ${now.slice(to)}`, text);
  return others.split(/[\s"']+/).filter((word) => word !== '');
}
