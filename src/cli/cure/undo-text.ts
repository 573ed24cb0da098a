import type { PutAside, Written } from '../../remedy/undo.ts';
import { escapeText } from '../../report/escape.ts';

export const NEVER =
  'note: addresses, attachments and processes are never given back: somebody else may have them by now';

export function listText(runs: readonly PutAside[]): string {
  return runs
    .map(({ name, written, removed, others }) => {
      const files = written.map(({ path, state }) => `${path} (${state})`).join(', ');
      return `${escapeText(`${name}  changed ${files || 'nothing'}; put aside ${removed.length} files, ${others} others`)}\n`;
    })
    .join('');
}

/** Why a file is not given back. */
export function leftAlone({ path, state, copy }: Written): string {
  if (state === 'restored') return `${escapeText(path)} is as it was before`;
  if (state === 'lost')
    return `what was done to ${escapeText(path)} cannot be told any more: its copy ${escapeText(copy)} or the plan is damaged`;
  const what = state === 'gone' ? 'is gone' : 'was changed since';
  return `${escapeText(path)} ${what}, and is left alone; its copy is ${escapeText(copy)}`;
}
