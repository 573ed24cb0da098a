import { readTrustedFile } from '../../host/trusted-file.ts';
import { distrusted } from './unusable.ts';

const MAX_BYTES = 1024 * 1024;

/** The text of a file of checks. Throws Unusable where others may have written it, and where it cannot be read. */
export function readSource(file: string): string {
  const read = readTrustedFile(file, MAX_BYTES);
  if ('text' in read) return read.text;
  throw distrusted(read);
}
