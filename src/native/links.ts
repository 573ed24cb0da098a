import { flag, record } from '../model/shape.ts';
import { callHelper, type HelperOptions, lineWith } from './helper.ts';
import type { Native } from './problem.ts';

const deletion = record<{ deleted: boolean }>({ deleted: flag });

/**
 * Deletes that very link of our own network namespace, by its index. `deleted` is false where there is none of
 * that index; one with another name or hardware address is left alone, and a failure.
 */
export async function deleteLink(
  { name, index, mac }: { name: string; index: number; mac: string },
  options?: HelperOptions,
): Promise<Native<{ deleted: boolean }>> {
  const lines = await callHelper('delete-link', ['--index', `${index}`, '--mac', mac, '--', name], options);
  return lines.ok ? lineWith('deleted', deletion, lines.value) : lines;
}
