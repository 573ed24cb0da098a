import { ociArchive } from './oci-archive.ts';

const ELF = Buffer.from('\x7fELF');
/** Machine numbers of ELF files, and how images name them. */
const MACHINES: Record<number, string> = { 62: 'amd64', 183: 'arm64' };
/** Pause needs no rights at all; the number is the one that Kubernetes' own pause image uses. */
const NOBODY = '65535:65535';

/**
 * An image that holds our pause and nothing else, as an OCI archive: the same program and references give the
 * same bytes. The architecture is the program's. Throws when `program` is no ELF file of one that we know.
 */
export function pauseImage(program: Buffer, ...references: string[]): Buffer {
  const architecture = program.subarray(0, 4).equals(ELF) ? MACHINES[program.readUInt16LE(18)] : undefined;
  if (architecture === undefined)
    throw new Error('pause is no program for x86_64 or aarch64: build it again');
  return ociArchive({
    rootfs: [{ name: 'pause', mode: 0o555, content: program }],
    entrypoint: ['/pause'],
    user: NOBODY,
    architecture,
    references,
  });
}
