import { createReadHost, isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { PauseProgram } from '../model/facts.ts';
import type { Problem } from '../model/outcome.ts';

/** Bytes of an ELF file's beginning up to the number of its processor. */
const HEAD = 20;
const MACHINE_AT = 18;
const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const LITTLE = 1;

/**
 * A program of an image in the folders of its layers, uppermost first. Links stay inside a layer. Null where that
 * cannot be told: a path whose folders may be links into another layer, a file that may not be read.
 */
export function pauseProgram(
  host: ReadHost,
  layers: readonly string[],
  entrypoint: string,
  problems: Problem[],
): PauseProgram | null {
  if (!entrypoint.startsWith('/')) return null;
  for (const layer of layers) {
    const path = `${layer}${entrypoint}`;
    try {
      const inside = createReadHost(host.locate(layer));
      const { bytes, size, mode } = inside.readStart(entrypoint, HEAD);
      return { path, ...programOf(bytes, size), size, executable: (mode & 0o111) !== 0 };
    } catch (error) {
      if (isMissing(error) && typeAt(host, path) !== 'link') continue;
      problems.push(problemOf(error, path));
      return null;
    }
  }
  const isPlain =
    entrypoint.lastIndexOf('/') === 0 && layers.every((layer) => typeAt(host, layer) === 'directory');
  const path = `${layers[0]}${entrypoint}`;
  return isPlain ? { path, kind: 'missing', size: 0, executable: false, machine: null } : null;
}

function typeAt(host: ReadHost, path: string): string {
  try {
    return host.stat(path).type;
  } catch {
    return 'missing';
  }
}

/** What the first bytes of a program say it is. */
export function programOf(bytes: Buffer, size: number): Pick<PauseProgram, 'kind' | 'machine'> {
  if (size === 0) return { kind: 'empty', machine: null };
  if (bytes.length === HEAD && bytes.subarray(0, ELF.length).equals(ELF)) {
    const isLittle = bytes[5] === LITTLE;
    return {
      kind: 'elf',
      machine: isLittle ? bytes.readUInt16LE(MACHINE_AT) : bytes.readUInt16BE(MACHINE_AT),
    };
  }
  return { kind: bytes.toString('latin1', 0, 2) === '#!' ? 'script' : 'other', machine: null };
}
