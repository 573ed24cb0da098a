import type { Distrust } from '../../host/trusted-file.ts';

/** Why a file, or a check in it, is not used: a sentence that names the file, and the command that mends it. */
export class Unusable extends Error {
  readonly kind: 'untrusted' | 'misnamed' | 'broken';
  readonly cure: string[];
  constructor(kind: Unusable['kind'], message: string, cure: string[] = []) {
    super(message);
    this.kind = kind;
    this.cure = cure;
  }
}

/** Of a file, folder or program that others may have written, or that cannot be read. */
export function distrusted({ fault, cure }: Distrust): Unusable {
  return new Unusable(cure.length > 0 ? 'untrusted' : 'broken', fault, cure);
}
