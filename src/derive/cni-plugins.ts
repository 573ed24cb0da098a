import type { CniPlugin } from '../model/facts.ts';

/** Machines whose programs others can run as well. */
const RUN_BY: Readonly<Record<string, string>> = { ia32: 'x64', arm: 'arm64' };

/** Why a plugin cannot be run; null when nothing speaks against it. */
export function pluginFault(
  { path, executable, machine }: CniPlugin,
  { arch }: { arch: string },
): 'missing' | 'notExecutable' | 'otherMachine' | null {
  if (path === null) return 'missing';
  if (!executable) return 'notExecutable';
  const runs =
    arch === '' || machine === '' || machine === 'script' || machine === arch || RUN_BY[machine] === arch;
  return runs ? null : 'otherMachine';
}
