import type { OwnerMeaning } from '../model/owner-report.ts';
import { columns } from './columns.ts';
import { cutMiddle, shortIds, wrapLines } from './cut.ts';
import { escapeText } from './escape.ts';
import type { Paint } from './paint.ts';
import { displayWidth } from './width.ts';

export interface OwnerOptions {
  /** Columns that lines are broken to; infinite: none is. */
  wrap: number;
  full: boolean;
  paint: Paint;
}

const GAP = 2;
const LINES = 4;
const LABEL = '  see';
const ALL_SEEN = '  all sandboxes, containers, records, bundles and processes were seen';

/** Whose things are, and how that is known. */
export async function renderOwners(
  meanings: readonly OwnerMeaning[],
  options: OwnerOptions,
): Promise<string> {
  const blocks = await Promise.all(meanings.map((meaning) => block(meaning, options)));
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

async function block(meaning: OwnerMeaning, { wrap, full, paint }: OwnerOptions): Promise<string[]> {
  const shown = (text: string) => (full ? escapeText(text) : shortIds(escapeText(text)));
  const { thing, statement, verdict, reasons } = meaning;
  const text =
    verdict === 'unknown'
      ? `cannot tell whose ${thing} is: it ${statement}, but not all was seen`
      : `${thing} ${statement}`;
  const bold = (line: string) => paint(verdict === 'pod' || verdict === 'node' ? 'bold' : 'yellow', line);
  const steps = meaning.how.map(({ at, value }) => [shown(at), shown(value)]);
  const room = wrap - displayWidth(LABEL) - 2 * GAP;
  const widest = Math.max(0, ...steps.map(([at = '']) => displayWidth(at)));
  const atMost = Math.min(
    widest,
    Math.max(Math.floor(room * 0.6), room - Math.max(0, ...steps.map(([, v = '']) => displayWidth(v)))),
  );
  const rows = steps.map(([at = '', value = ''], i) => [
    paint('dim', i === 0 ? LABEL : ''),
    cutMiddle(at, atMost),
    wrapLines(value, room - atMost, LINES).join('\n'),
  ]);
  return [
    ...wrapLines(shown(text), wrap, LINES).map(bold),
    ...(await columns(rows, GAP)),
    ...(verdict === 'nobody' ? [paint('dim', ALL_SEEN)] : []),
    ...reasons.flatMap((reason) => wrapLines(`  not seen: ${shown(reason)}`, wrap, LINES)),
  ];
}
