import { MACHINES } from '../model/machines.ts';

/** The name of ELF's number of a processor. */
export function machineName(elf: number): string {
  return MACHINES.find((m) => m.elf === elf)?.names[0] ?? `processor ${elf}`;
}

/**
 * Whether a machine of Node's `arch` can run a program for ELF's processor `elf`, by itself or through one of the
 * kernel's `emulators`; null where that is not known.
 */
export function canRun(arch: string, elf: number, emulators: readonly string[]): boolean | null {
  const host = MACHINES.find((m) => m.arch === arch);
  const wanted = MACHINES.find((m) => m.elf === elf);
  if (host === undefined || wanted === undefined) return null;
  if (host.elf === elf || host.alsoRuns.includes(elf)) return true;
  return emulators.some((handler) => wanted.names.some((name) => handler.includes(name)));
}
