import { shellLine } from '../../check/shell-line.ts';
import { readTrustedFile } from '../../host/trusted-file.ts';
import type { Args } from '../args.ts';
import { UsageError } from '../usage-error.ts';
import type { Layer } from './layer.ts';
import { type ConfigPlace, configPlaces } from './places.ts';
import type { Fault } from './yaml-tree.ts';

const MAX_BYTES = 256 * 1024;
const WITHOUT = 'podctl does without any configuration where --config is none';

/**
 * The files that configure podctl, the one that says least first; [] where there are none, which costs one failed
 * open. Throws a UsageError for the first fault of the first file that has one.
 */
export async function loadConfig(args: Args, env: Record<string, string | undefined>): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const place of configPlaces(args, env)) {
    const text = readConfig(place);
    if (text !== null) layers.push(await understand(place.file, text));
  }
  return layers;
}

/** Null where there is none, and none was named. Throws a UsageError for a file that cannot, or must not, be used. */
export function readConfig({ file, by }: ConfigPlace): string | null {
  const read = readTrustedFile(file, MAX_BYTES);
  if ('text' in read) return read.text;
  if (read.isMissing && by === '') return null;
  throw new UsageError(
    `${by === '' ? '' : `${by}: `}${read.fault}`,
    read.cure.length > 0 ? shellLine(read.cure) : WITHOUT,
  );
}

async function understand(file: string, text: string): Promise<Layer> {
  const { parseLayer } = await import('./layer.ts');
  const parsed = await parseLayer(file, text);
  if ('faults' in parsed) throw faultError(file, parsed.faults);
  return parsed;
}

/** What is told of a file that has faults. `faults`: at least one. */
export function faultError(file: string, faults: readonly Fault[]): UsageError {
  const [{ line, message } = { line: 1, message: '' }, ...others] = faults;
  const check = `podctl config check ${file}`;
  const more = others.length === 0 ? check : `${others.length} more: ${check}`;
  return new UsageError(`${file}:${line}: ${message}`, more);
}
