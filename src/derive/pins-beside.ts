import type { Pin, Process } from '../model/facts.ts';
import { isAlive } from './process.ts';

/** CRI-O pins all namespaces of a sandbox under one name, in a folder for each type. */
export function pinsBeside(
  { path, scheme }: Pin,
  pins: readonly Pin[],
  processes: readonly Process[],
): Pin[] {
  if (scheme !== 'crio') return [];
  const name = path.slice(path.lastIndexOf('/'));
  const beside = pins.filter(
    (other) =>
      other.path !== path && other.scheme === 'crio' && other.ns !== null && other.path.endsWith(name),
  );
  if (beside.length === 0) return [];
  return beside.filter(({ type, ns }) => !processes.some((one) => one.ns[type] === ns && isAlive(one)));
}
