import type { PodSummary } from '../model/inside.ts';
import { agoText } from './age.ts';
import { columns } from './columns.ts';
import { cutMiddle } from './cut.ts';
import { escapeText } from './escape.ts';
import type { Paint } from './paint.ts';
import { displayWidth } from './width.ts';

export interface PsOptions {
  /** Columns of the terminal; infinite: nothing is left out or cut. */
  width: number;
  wide: boolean;
  full: boolean;
  paint: Paint;
  /** Milliseconds since 1970. */
  now: number;
  /** A sandbox without a pause is ordinary: CRI-O drops it. */
  dropsPause: boolean;
}

interface Column {
  head: string;
  cell: (pod: PodSummary, options: PsOptions) => string;
  /** Only where everything is wanted. */
  wide?: boolean;
  /** Left out where there is no room; the lowest first. */
  rank?: number;
  /** Cut where there is no room even so. */
  cut?: boolean;
}

const GAP = 3;
const NARROW_GAP = 2;
const SHORT_ID = 13;
const MIN_NAME = 12;

const COLUMNS: Column[] = [
  { head: 'POD ID', cell: ({ id }, { full }) => (full ? id : id.slice(0, SHORT_ID)) },
  { head: 'CREATED', cell: ({ createdAt }, { now }) => agoText(Date.parse(createdAt) || 0, now), rank: 2 },
  { head: 'STATE', cell: ({ state }) => state },
  { head: 'NAME', cell: ({ metadata }) => metadata?.name ?? '?', cut: true },
  { head: 'NAMESPACE', cell: ({ metadata }) => metadata?.namespace ?? '?', cut: true },
  { head: 'ATTEMPT', cell: ({ metadata }) => String(metadata?.attempt ?? '?'), rank: 1 },
  { head: 'RUNTIME', cell: runtimeCell, wide: true },
  { head: 'PAUSE', cell: pauseCell },
  { head: 'NETNS', cell: netnsCell, rank: 3 },
  { head: 'ADDRESS', cell: addressCell },
  { head: 'CONTAINERS', cell: containersCell },
  { head: 'PIN', cell: ({ netns }) => netns.path || '-', wide: true },
];

/** Pods as a table in the manner of crictl. */
export async function renderPs(pods: readonly PodSummary[], options: PsOptions): Promise<string> {
  const chosen = COLUMNS.filter((c) => options.wide || !c.wide);
  const cells = pods.map((pod) => chosen.map((c) => escapeText(c.cell(pod, options))));
  const table = [chosen.map((c) => c.head), ...cells];
  const { kept, gap } = fitting(chosen, table, options.width);
  const rows = table.map((row) => kept.map(({ index, room }) => cutMiddle(row[index] ?? '', room)));
  const heads = kept.map(({ index }) => chosen[index]?.head ?? '');
  const painted = rows.map((row, i) =>
    row.map((cell, k) => (i === 0 ? cell : paintCell(cell, heads[k] ?? '', options))),
  );
  return `${(await columns(painted, gap)).join('\n')}\n`;
}

/** Columns with their room: those of low rank go where there is too little, then gaps, then names are cut. */
function fitting(chosen: readonly Column[], table: readonly string[][], width: number) {
  const widths = chosen.map((_, i) => Math.max(...table.map((row) => displayWidth(row[i] ?? ''))));
  let kept = chosen.map((column, index) => ({ column, index, room: widths[index] ?? 0 }));
  const excess = (gap: number) => kept.reduce((sum, { room }) => sum + room + gap, -gap) - width;
  for (let rank = 1; rank <= 3 && excess(GAP) > 0; rank += 1)
    kept = kept.filter(({ column }) => column.rank !== rank);
  const gap = excess(GAP) > 0 ? NARROW_GAP : GAP;
  for (const one of kept) {
    if (one.column.cut && excess(gap) > 0) one.room = Math.max(MIN_NAME, one.room - excess(gap));
  }
  return { kept, gap };
}

function paintCell(cell: string, head: string, { paint }: PsOptions): string {
  if (head === 'STATE' && cell !== 'ready') return paint(cell === 'unlisted' ? 'red' : 'yellow', cell);
  if (head === 'PAUSE' && cell === 'none') return paint('red', cell);
  return head === 'NETNS' && cell === 'host' ? paint('dim', cell) : cell;
}

/** `none`: there should be one, and is not. */
function pauseCell({ pause, state }: PodSummary, { dropsPause }: PsOptions): string {
  if (pause) return String(pause.pid);
  return state === 'ready' && !dropsPause ? 'none' : '-';
}

function netnsCell({ netns }: PodSummary): string {
  return netns.host ? 'host' : (/\d+/.exec(netns.id)?.[0] ?? '-');
}

function addressCell({ netns, addresses }: PodSummary, { wide }: PsOptions): string {
  if (netns.host) return 'host';
  if (addresses === null) return '?';
  if (wide) return addresses.join(' ') || '-';
  const [first = '-', ...others] = addresses;
  return `${first.split('/')[0]}${others.length > 0 ? ` +${others.length}` : ''}`;
}

/** `2/3`: of three, two run. With their names where there is room. */
function containersCell({ containers }: PodSummary, { wide }: PsOptions): string {
  if (containers.length === 0) return wide ? '-' : '0/0';
  if (wide)
    return containers.map((c) => (c.state === 'running' ? c.name : `${c.name} (${c.state})`)).join(', ');
  return `${containers.filter((c) => c.state === 'running').length}/${containers.length}`;
}

function runtimeCell({ provider, runtimeHandler }: PodSummary): string {
  return provider === 'podctl' ? 'podctl' : runtimeHandler || '(default)';
}
