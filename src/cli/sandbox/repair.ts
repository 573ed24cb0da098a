import { shellLine } from '../../check/shell-line.ts';
import type { SandboxRecord } from '../../model/sandbox.ts';
import { printAction } from '../../remedy/print.ts';
import { escapeText } from '../../report/escape.ts';
import { requireSandbox } from '../../sandbox/lookup.ts';
import { type Mended, mendSandbox } from '../../sandbox/mend.ts';
import { listRecords } from '../../sandbox/records.ts';
import { currentRecord, placesOf, type Workshop, withSandbox } from '../../sandbox/workshop.ts';
import { type Args, one } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { EMPTY_LIST } from './list.ts';
import { formatOf, renderData } from './output.ts';
import { openShop } from './shop.ts';

/** 0: nothing to do, or all done. 1: something is planned (--dry-run) or left. 3: a record could not be read. */
export async function repairCommand(args: Args, terminal: Terminal): Promise<number> {
  const format = formatOf(args);
  const dryRun = args['dry-run'] === true;
  const wanted = one(args, 'sandbox');
  if ((wanted === undefined) !== (args.all === true))
    throw new UsageError('repair wants the name of a sandbox, or --all', 'podctl sandbox ls shows all');
  const shop = openShop(args, terminal, `sandbox repair ${wanted ?? '--all'}`, !dryRun);
  const list = shop ? listRecords(shop.state) : EMPTY_LIST;
  const records = wanted === undefined ? list.records : [requireSandbox(list, wanted)];
  const unreadable = wanted === undefined ? list.unreadable : [];
  for (const { problem } of unreadable) terminal.err(`warning: ${escapeText(problem.message)}\n`);
  const mended: Mended[] = [];
  for (const record of records) {
    const one = shop && (await mend(shop, record, dryRun));
    if (shop && one) {
      mended.push(one);
      if (format === 'table') terminal.out(tell(shop, one, dryRun));
    }
  }
  if (format !== 'table' && shop)
    terminal.out(
      await renderData(
        { schema: 'podctl.sandbox-repairs/v1', sandboxes: mended.map((m) => data(shop, m)) },
        format,
      ),
    );
  for (const { record, failure } of mended)
    if (failure !== null) terminal.err(`error: ${escapeText(`${record.name}: ${failure}`)}\n`);
  if (mended.some((m) => m.failure !== null || (m.left?.length ?? 0) > 0)) return 1;
  return unreadable.length > 0 ? 3 : 0;
}

/** Null: it was removed before its turn came. */
async function mend(shop: Workshop, record: SandboxRecord, dryRun: boolean): Promise<Mended | null> {
  if (dryRun) return mendSandbox(shop, record, true);
  return withSandbox(shop, record, async () => {
    const now = currentRecord(shop, record.id);
    return now && mendSandbox(shop, now, false);
  });
}

function tell(shop: Workshop, mended: Mended, dryRun: boolean): string {
  const { record, drift, plan, results, left } = mended;
  if (drift.length === 0) return `${record.name}: nothing to repair\n`;
  const places = placesOf(shop);
  const commands = plan.steps.flatMap((s) =>
    printAction(s.action, places).map((command) => `  do   ${shellLine(command)}`),
  );
  const done = results.filter((r) => r.status === 'done').length;
  const removed = left === null ? '  it was removed: nothing could be brought back' : '';
  const end = dryRun
    ? ''
    : removed || `  ${done} of ${plan.steps.length} steps done, ${left?.length ?? 0} differences left`;
  const lines = [
    `${record.name}`,
    ...drift.map((d) => `  see  ${d.text}`),
    ...(dryRun || removed === '' ? commands : []),
    end,
  ];
  return lines
    .filter((line) => line !== '')
    .map((line) => `${escapeText(line)}\n`)
    .join('');
}

function data(shop: Workshop, { record, drift, plan, results, failure, left }: Mended) {
  const places = placesOf(shop);
  return {
    id: record.id,
    name: record.name,
    drift,
    plan: {
      remedy: plan.remedy,
      risk: plan.risk,
      basedOn: plan.basedOn,
      steps: plan.steps.map(({ id, because, action }) => ({
        id,
        because,
        commands: printAction(action, places),
      })),
    },
    results,
    failure: failure ?? '',
    removed: left === null,
    left: left ?? [],
  };
}
