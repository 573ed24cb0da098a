import fs from 'node:fs';

/** libcni's cache: its place is not the runtime's to choose. */
export const CNI_CACHE = '/var/lib/cni/results';

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
