import { displayWidth } from './width.ts';

/**
 * A shell command on as many lines as it needs to stay within `columns`, broken between words with a backslash,
 * so that it can still be pasted. A word that is longer than a line stays whole.
 */
export function commandLines(command: string, columns: number): string[] {
  if (displayWidth(command) <= columns) return [command];
  const lines: string[] = [];
  let current = '';
  for (const word of words(command)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && displayWidth(longer) + ' \\'.length > columns) {
      lines.push(`${current} \\`);
      current = `  ${word}`;
    } else current = longer;
  }
  return [...lines, current];
}

/** Splits at blanks outside single quotes, the only quotes that our commands have. */
function words(command: string): string[] {
  return command.match(/(?:'[^']*'|\\.|[^ '\\])+/g) ?? [command];
}
