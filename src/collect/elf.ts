import { MACHINES } from '../model/machines.ts';

/** Bytes of a program that tell its machine. */
export const ELF_START = 20;

const MAGIC = Buffer.from('\x7fELF', 'latin1');
const BIG_ENDIAN = 2;

/** Machine that a program was built for, as Node calls it, from its first bytes; `script` for one; '' where they do not tell. */
export function machineOf(start: Buffer): string {
  if (start.subarray(0, 2).toString('latin1') === '#!') return 'script';
  if (start.length < ELF_START || !start.subarray(0, MAGIC.length).equals(MAGIC)) return '';
  const number = start[5] === BIG_ENDIAN ? start.readUInt16BE(18) : start.readUInt16LE(18);
  return MACHINES.find(({ elf }) => elf === number)?.arch ?? `machine ${number}`;
}
