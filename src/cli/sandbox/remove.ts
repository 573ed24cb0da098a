import type { SandboxRecord } from '../../model/sandbox.ts';
import { escapeText } from '../../report/escape.ts';
import { SandboxError } from '../../sandbox/error.ts';
import { findSandbox, requireSandbox, shortId } from '../../sandbox/lookup.ts';
import type { Observed } from '../../sandbox/observe.ts';
import { listRecords } from '../../sandbox/records.ts';
import { settled, stopSandbox, takeDown } from '../../sandbox/take-down.ts';
import { currentRecord, type Workshop, withSandbox } from '../../sandbox/workshop.ts';
import { type Args, many, one } from '../args.ts';
import { parseDuration } from '../duration.ts';
import type { Terminal } from '../terminal.ts';
import { forEach } from './for-each.ts';
import { openShop } from './shop.ts';
import { isVia } from './via.ts';

const GRACE = '10s';
const GRACE_OF_FORCE = '2s';

/** `podctl sandbox rm NAME..`: prints the names of those that are gone. */
export async function removeCommand(args: Args, terminal: Terminal): Promise<number> {
  const force = args.force === true;
  const wanted = many(args, 'sandbox');
  const graceMs = parseDuration('--timeout', one(args, 'timeout') ?? GRACE_OF_FORCE);
  if (isVia(args)) return (await import('./via/end.ts')).removeViaCri(args, terminal, graceMs);
  const shop = writingShop(args, terminal, `sandbox rm ${wanted.join(' ')}`);
  const list = listRecords(shop.state);
  const records = wanted.flatMap((name) => {
    const found = force ? findSandbox(list, name) : requireSandbox(list, name);
    if (!found) terminal.err(`note: there is no sandbox ${escapeText(name)}\n`);
    return found ? [found] : [];
  });
  return forEach(args, terminal, records, (record) =>
    withSandbox(shop, record, async () => {
      const now = currentRecord(shop, record.id);
      const seen = now && !force ? await requireQuiet(shop, now) : null;
      return takeDown(shop, record.id, { force, graceMs, seen });
    }),
  );
}

/** `podctl sandbox stop NAME..` */
export async function stopCommand(args: Args, terminal: Terminal): Promise<number> {
  const wanted = many(args, 'sandbox');
  const graceMs = parseDuration('--timeout', one(args, 'timeout') ?? GRACE);
  if (isVia(args)) return (await import('./via/end.ts')).stopViaCri(args, terminal, graceMs);
  const shop = writingShop(args, terminal, `sandbox stop ${wanted.join(' ')}`);
  const list = listRecords(shop.state);
  const records = wanted.map((name) => requireSandbox(list, name));
  return forEach(args, terminal, records, (record) =>
    withSandbox(shop, record, async () => {
      const now = currentRecord(shop, record.id);
      return now ? stopSandbox(shop, now, graceMs) : { failure: null, warnings: [] };
    }),
  );
}

function writingShop(args: Args, terminal: Terminal, command: string): Workshop {
  const shop = openShop(args, terminal, command, true);
  if (!shop) throw new Error('the state folder was not made');
  return shop;
}

/** What is seen of a sandbox in which nothing runs but its pause; else a SandboxError. */
async function requireQuiet(shop: Workshop, record: SandboxRecord): Promise<Observed> {
  const observed = await settled(shop, record);
  const { containers, others } = observed;
  const running = containers.filter((c) => c.process).map((c) => c.name);
  const names = [...running, ...others.map((p) => `${p.comm} (process ${p.pid})`)];
  if (names.length === 0) return observed;
  throw new SandboxError(
    'usage',
    `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and others' : ''} run in sandbox ${record.name}`,
    `podctl sandbox rm -f ${record.name === '' ? shortId(record.id) : record.name}`,
  );
}
