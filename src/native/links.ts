import { flag, record } from '../model/shape.ts';
import { callHelper, type HelperOptions, lineWith } from './helper.ts';
import type { Native } from './problem.ts';

/**
 * Puts that very link of our own network namespace into a bridge (by its index; null: none), and with `up` brings it
 * up. One that is gone, or has another name or hardware address by now, is a failure.
 */
export async function setLink(
  {
    name,
    index,
    mac,
    master,
    up,
  }: { name: string; index: number; mac: string; master: number | null; up: boolean },
  options?: HelperOptions,
): Promise<Native<null>> {
  const changes = [...(master === null ? [] : ['--master', `${master}`]), ...(up ? ['--up'] : [])];
  const args = ['--index', `${index}`, '--mac', mac, ...changes, '--', name];
  const lines = await callHelper('set-link', args, options);
  return lines.ok ? { ok: true, value: null } : lines;
}

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
