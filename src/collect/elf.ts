import { MACHINES } from '../model/machines.ts';

/** Bytes of a program that tell its machine. */
export const ELF_START = 20;

const MAGIC = Buffer.from('\x7fELF', 'latin1');
const BIG_ENDIAN = 2;

/** ELF's number of the processor that a program was built for, from its first bytes; null for what is no ELF file. */
export function elfMachine(start: Buffer): number | null {
  if (start.length < ELF_START || !start.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  return start[5] === BIG_ENDIAN ? start.readUInt16BE(18) : start.readUInt16LE(18);
}

export function isScript(start: Buffer): boolean {
  return start.toString('latin1', 0, 2) === '#!';
}

/** Machine that a program was built for, as Node calls it, from its first bytes; `script` for one; '' where they do not tell. */
export function machineOf(start: Buffer): string {
  if (isScript(start)) return 'script';
  const number = elfMachine(start);
  if (number === null) return '';
  return MACHINES.find(({ elf }) => elf === number)?.arch ?? `machine ${number}`;
}
