import type { SandboxRecord } from '../../model/sandbox.ts';
import { escapeText } from '../../report/escape.ts';
import { requireSandbox } from '../../sandbox/lookup.ts';
import { findDrift } from '../../sandbox/mend.ts';
import { listRecords } from '../../sandbox/records.ts';
import { lookAt } from '../../sandbox/workshop.ts';
import { type Args, one } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { EMPTY_LIST } from './list.ts';
import { formatOf, renderData } from './output.ts';
import { openShop } from './shop.ts';

/** 0: as recorded. 1: something differs. 3: a record could not be read. */
export async function checkCommand(args: Args, terminal: Terminal): Promise<number> {
  const format = formatOf(args);
  const shop = openShop(args, terminal, 'sandbox check', false);
  const list = shop ? listRecords(shop.state) : EMPTY_LIST;
  const wanted = one(args, 'sandbox');
  const records: SandboxRecord[] = wanted === undefined ? list.records : [requireSandbox(list, wanted)];
  const sandboxes = [];
  for (const record of shop ? records : []) {
    const drift = shop ? await findDrift(shop, record, lookAt(shop, record)) : [];
    sandboxes.push({ id: record.id, name: record.name, drift });
  }
  const unreadable = wanted === undefined ? list.unreadable : [];
  for (const { problem } of unreadable) terminal.err(`warning: ${escapeText(problem.message)}\n`);
  if (format === 'table')
    for (const { name, drift } of sandboxes)
      terminal.out(drift.map((d) => `${escapeText(`${name}: ${d.text}`)}\n`).join(''));
  else terminal.out(await renderData({ schema: 'podctl.sandbox-drift/v1', sandboxes, unreadable }, format));
  if (sandboxes.some(({ drift }) => drift.length > 0)) return 1;
  return unreadable.length > 0 ? 3 : 0;
}
