import { createReadHost, isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { PauseProgram } from '../model/facts.ts';
import type { Problem } from '../model/outcome.ts';
import { typeAt } from './at-path.ts';
import { ELF_START, elfMachine, isScript } from './elf.ts';

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
      const { bytes, size, mode } = inside.readStart(entrypoint, ELF_START);
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

/** What the first bytes of a program say it is. */
export function programOf(bytes: Buffer, size: number): Pick<PauseProgram, 'kind' | 'machine'> {
  if (size === 0) return { kind: 'empty', machine: null };
  const machine = elfMachine(bytes);
  if (machine !== null) return { kind: 'elf', machine };
  return { kind: isScript(bytes) ? 'script' : 'other', machine: null };
}
