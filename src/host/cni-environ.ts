import type { CniCall } from '../model/facts.ts';

const MAX_VALUE = 4096;

/**
 * The CNI call that an environment describes; null when it describes none.
 * Nothing but CNI_COMMAND, CNI_CONTAINERID and CNI_NETNS is looked at: the rest is none of our business.
 */
export function parseCniEnviron(environ: string): CniCall | null {
  const text = `\0${environ}`;
  const command = variable(text, 'CNI_COMMAND');
  if (command === '') return null;
  return { command, containerId: variable(text, 'CNI_CONTAINERID'), netns: variable(text, 'CNI_NETNS') };
}

function variable(text: string, name: string): string {
  const key = `\0${name}=`;
  const at = text.indexOf(key);
  if (at < 0) return '';
  const begin = at + key.length;
  const end = text.indexOf('\0', begin);
  return text.slice(begin, end < 0 ? undefined : end).slice(0, MAX_VALUE);
}
