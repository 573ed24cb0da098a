/** A flag with its value in a unit or environment file. Offsets are of the text. */
export interface FlagInText {
  /** From 1. */
  line: number;
  /** Without the quotes around it. */
  value: string;
  /** Of the flag with its value. */
  from: number;
  to: number;
  /** Of the value alone, quotes left out. */
  valueFrom: number;
}

export const PAUSE_FLAG = 'pod-infra-container-image';

/** Every use of a flag (its name without dashes), one dash or two; comments are left out. */
export function flagsIn(text: string, flag: string): FlagInText[] {
  if (!text.includes(flag)) return [];
  const pattern = new RegExp(`(^|[\\s"'=])(--?${flag}(?:=|[ \\t]+))("[^"]*"|'[^']*'|[^\\s"']*)`, 'g');
  let start = 0;
  return text.split('\n').flatMap((words, index) => {
    const at = start;
    start += words.length + 1;
    if (/^\s*[#;]/.test(words)) return [];
    return [...words.matchAll(pattern)].map(({ index: found, 1: before = '', 2: name = '', 3: raw = '' }) => {
      const from = at + found + before.length;
      const to = from + name.length + raw.length;
      const isQuoted = /^(["']).*\1$/.test(raw);
      const quote = isQuoted ? 1 : 0;
      return {
        line: index + 1,
        value: raw.slice(quote, raw.length - quote),
        from,
        to,
        valueFrom: from + name.length + quote,
      };
    });
  });
}
