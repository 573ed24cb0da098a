import type { PodSummary } from '../model/inside.ts';
import { agoText } from './age.ts';
import { type Column, fitTable, type TableOptions } from './fit-table.ts';

export interface PsOptions extends TableOptions {
  /** Full ids. */
  full: boolean;
  /** Milliseconds since 1970. */
  now: number;
  /** A sandbox without a pause is ordinary: CRI-O drops it. */
  dropsPause: boolean;
}

const SHORT_ID = 13;

/** Pods as a table in the manner of crictl. */
export async function renderPs(pods: readonly PodSummary[], options: PsOptions): Promise<string> {
  return `${(await fitTable(pods, columnsOf(options), options)).join('\n')}\n`;
}

function columnsOf({ full, now, wide, dropsPause }: PsOptions): Column<PodSummary>[] {
  return [
    { head: 'POD ID', cell: ({ id }) => (full ? id : id.slice(0, SHORT_ID)) },
    { head: 'CREATED', cell: ({ createdAt }) => agoText(Date.parse(createdAt) || 0, now), rank: 2 },
    { head: 'STATE', cell: ({ state }) => state, style: stateStyle },
    { head: 'NAME', cell: ({ metadata }) => metadata?.name ?? '?', cut: true },
    { head: 'NAMESPACE', cell: ({ metadata }) => metadata?.namespace ?? '?', cut: true },
    { head: 'ATTEMPT', cell: ({ metadata }) => String(metadata?.attempt ?? '?'), rank: 1 },
    { head: 'RUNTIME', cell: runtimeCell, wide: true },
    {
      head: 'PAUSE',
      cell: (pod) => pauseCell(pod, dropsPause),
      style: (cell) => (cell === 'none' ? 'red' : null),
    },
    {
      head: 'NETNS',
      cell: netnsCell,
      rank: 3,
      style: (cell) => (cell === 'host' ? 'dim' : null),
    },
    { head: 'ADDRESS', cell: (pod) => addressCell(pod, wide) },
    { head: 'CONTAINERS', cell: (pod) => containersCell(pod, wide) },
    { head: 'PIN', cell: ({ netns }) => netns.path || '-', wide: true },
  ];
}

function stateStyle(state: string) {
  if (state === 'ready') return null;
  return state === 'unlisted' ? 'red' : 'yellow';
}

/** `none`: there should be one, and is not. */
function pauseCell({ pause, state }: PodSummary, dropsPause: boolean): string {
  if (pause) return String(pause.pid);
  return state === 'ready' && !dropsPause ? 'none' : '-';
}

function netnsCell({ netns }: PodSummary): string {
  return netns.host ? 'host' : (/\d+/.exec(netns.id)?.[0] ?? '-');
}

function addressCell({ netns, addresses }: PodSummary, wide: boolean): string {
  if (netns.host) return 'host';
  if (addresses === null) return '?';
  if (wide) return addresses.join(' ') || '-';
  const [first = '-', ...others] = addresses;
  return `${first.split('/')[0]}${others.length > 0 ? ` +${others.length}` : ''}`;
}

/** `2/3`: of three, two run. With their names where there is room. */
function containersCell({ containers }: PodSummary, wide: boolean): string {
  if (containers.length === 0) return wide ? '-' : '0/0';
  if (wide)
    return containers.map((c) => (c.state === 'running' ? c.name : `${c.name} (${c.state})`)).join(', ');
  return `${containers.filter((c) => c.state === 'running').length}/${containers.length}`;
}

function runtimeCell({ provider, runtimeHandler }: PodSummary): string {
  return provider === 'podctl' ? 'podctl' : runtimeHandler || '(default)';
}
