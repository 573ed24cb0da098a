import fs from 'node:fs';
import { describe } from './describe.ts';
import { UsageError } from './usage-error.ts';

/** Opening it fails where stdin is a socket; reading what is open does not. */
const STDIN = '/dev/stdin';
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * What a JSON file of a user holds. `what` it is to be ("snapshot"). Throws a UsageError that names the file and
 * ends in `hint`, the command that writes one.
 */
export function readDocument(file: string, what: string, hint: string, maxBytes = MAX_BYTES): unknown {
  const text = read(file, what, hint, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    const why = text.trimStart().startsWith('{') ? 'is cut short or not JSON' : 'is not JSON';
    throw new UsageError(`${file} is no ${what}: it ${why}`, hint);
  }
}

function read(file: string, what: string, hint: string, maxBytes: number): string {
  const place = file === STDIN ? 0 : file;
  try {
    const { size } = typeof place === 'number' ? fs.fstatSync(place) : fs.statSync(place);
    if (size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
    return fs.readFileSync(place, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the ${what} ${file}: ${describe(error)}`, hint);
  }
}
