import { escapeText } from '../../report/escape.ts';
import type { TakenDown } from '../../sandbox/take-down.ts';
import type { Args } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { formatOf, renderData } from './output.ts';

interface Named {
  id: string;
  name: string;
}

/** Ends several sandboxes and tells how it went; one that fails does not keep the others from their end. */
export async function forEach<T extends Named>(
  args: Args,
  terminal: Terminal,
  sandboxes: readonly T[],
  act: (sandbox: T) => Promise<TakenDown>,
): Promise<number> {
  const format = formatOf(args);
  const ended: (Named & TakenDown)[] = [];
  for (const one of sandboxes) ended.push({ id: one.id, name: one.name, ...(await act(one)) });
  for (const { name, failure, warnings } of ended) {
    for (const warning of warnings) terminal.err(`warning: ${escapeText(`${name}: ${warning}`)}\n`);
    if (failure !== null) terminal.err(`error: ${escapeText(`${name}: ${failure}`)}\n`);
  }
  if (format === 'table')
    for (const { name, failure } of ended) terminal.out(failure === null ? `${escapeText(name)}\n` : '');
  else terminal.out(await renderData({ schema: 'podctl.sandbox-ends/v1', sandboxes: ended }, format));
  return ended.some(({ failure }) => failure !== null) ? 1 : 0;
}
