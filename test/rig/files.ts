import fs from 'node:fs';

/** Names in a folder; none when it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** A file's text; '' when it cannot be read. */
export function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The lines of a file that are not empty; none when it cannot be read. */
export function linesOf(file: string): string[] {
  return textOf(file).split('\n').filter(Boolean);
}
