import {
  type InterfaceReport,
  type ListenerReport,
  type NetnsReport,
  socketText,
} from '../model/netns-report.ts';
import { wrapLines } from './cut.ts';
import { escapeText } from './escape.ts';
import { type Column, fitTable } from './fit-table.ts';
import type { Paint } from './paint.ts';
import { paintLine } from './segments.ts';

export interface NetnsOptions {
  /** Columns; infinite: nothing is left out or cut. */
  width: number;
  wide: boolean;
  paint: Paint;
}

const SHOWN_HOLDERS = 3;
const MESSAGE_LINES = 4;
const LABEL = 'CONFLICT  ';
const NOTE = 'NOTE      ';

/** The network of a pod: interfaces, routes, listening sockets, host ports, conflicts. */
export async function renderNetns(report: NetnsReport, options: NetnsOptions): Promise<string> {
  const { listeners, published } = report;
  const routes = report.routes.filter((route) => options.wide || !isLinkLocal(route.destination));
  const interfaces = report.interfaces.filter((one) => options.wide || !isAnothers(one, report));
  const blocks = [
    [headLine(report, options)],
    ...(interfaces.length > 0 ? [await fitTable(interfaces, INTERFACES, options)] : []),
    ...(routes.length > 0 ? [await fitTable(routes, ROUTES, options)] : []),
    listeners.length > 0
      ? await fitTable(listeners, LISTENERS, options)
      : [report.netns.host ? 'no process of this pod listens' : 'nothing listens in it'],
    ...(published.length > 0 ? [await fitTable(published, PUBLISHED, options)] : []),
    closing(report, options),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** A route that every interface has by itself. */
function isLinkLocal(destination: string): boolean {
  return destination === 'fe80::/64';
}

/** In the node's network: the ends of other pods' links, and what is down and has no address. */
function isAnothers({ kind, up, addresses }: InterfaceReport, { netns }: NetnsReport): boolean {
  const bare = addresses.every((address) => address.startsWith('fe80:'));
  return netns.host && bare && (kind === 'veth' || !up);
}

function headLine({ pod, netns }: NetnsReport, { width, paint }: NetnsOptions): string {
  return paintLine(
    [
      ['bold', escapeText(pod.title)],
      [null, `  ${netns.id}`],
      ['dim', netns.host ? "  the node's own" : `  ${escapeText(netns.path || netns.seenAt)}`],
    ],
    width,
    paint,
  );
}

const INTERFACES: Column<InterfaceReport>[] = [
  { head: 'INTERFACE', cell: ({ name }) => name, cut: true },
  { head: 'ADDRESS', cell: ({ addresses }) => (addresses.length === 0 ? '-' : addresses) },
  { head: 'MAC', cell: ({ mac }) => mac || '-', rank: 2 },
  { head: 'MTU', cell: ({ mtu }) => String(mtu), rank: 1 },
  {
    head: 'STATE',
    cell: ({ up }) => (up ? 'up' : 'down'),
    style: (cell) => (cell === 'down' ? 'red' : null),
  },
  {
    head: 'HOST END',
    cell: hostEndCell,
    style: (_, { hostEnd }) =>
      hostEnd && (!hostEnd.up || (hostEnd.bridge !== '' && !hostEnd.bridgeUp)) ? 'red' : null,
  },
];

function hostEndCell({ hostEnd, kind }: InterfaceReport): string {
  if (hostEnd === null) return kind === 'veth' ? '?' : '-';
  const { name, up, bridge, bridgeUp } = hostEnd;
  const inBridge = bridge === '' ? '' : ` in ${bridge}${bridgeUp ? '' : ' (down)'}`;
  return `${name}${up ? '' : ' (down)'}${inBridge}`;
}

const ROUTES: Column<NetnsReport['routes'][number]>[] = [
  {
    head: 'DESTINATION',
    cell: ({ destination }) => (/^(0\.0\.0\.0|::)\/0$/.test(destination) ? 'default' : destination),
  },
  { head: 'GATEWAY', cell: ({ gateway }) => gateway || '-' },
  { head: 'INTERFACE', cell: (route) => route.interface || '-', cut: true },
  { head: 'SOURCE', cell: ({ source }) => source || '-', rank: 1 },
  { head: 'METRIC', cell: ({ metric }) => String(metric), wide: true },
];

const LISTENERS: Column<ListenerReport>[] = [
  { head: 'LISTENS ON', cell: ({ protocol, ...socket }) => `${protocol} ${socketText(socket)}` },
  { head: 'CONTAINER', cell: containersCell, cut: true },
  { head: 'PROCESS', cell: processesCell },
  { head: 'SOCKET', cell: ({ inode }) => String(inode), wide: true },
];

function containersCell({ holders }: ListenerReport): string {
  if (holders.length === 0) return '?';
  return [...new Set(holders.map(({ container }) => container || '-'))].join(', ');
}

function processesCell({ holders }: ListenerReport): string {
  if (holders.length === 0) return '?';
  const shown = holders.slice(0, SHOWN_HOLDERS).map(({ pid, comm }) => `${pid} ${comm}`);
  const more = holders.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, ${more} more` : '');
}

const PUBLISHED: Column<NetnsReport['published'][number]>[] = [
  {
    head: 'HOST PORT',
    cell: ({ protocol, hostIp, hostPort }) =>
      `${protocol} ${socketText({ address: hostIp || '0.0.0.0', port: hostPort })}`,
  },
  { head: 'LEADS TO', cell: ({ containerPort }) => `port ${containerPort}` },
];

function closing({ conflicts, restarting, pod }: NetnsReport, { width, paint }: NetnsOptions): string[] {
  const wrapped = (label: string, text: string) =>
    wrapLines(escapeText(text), width - label.length, MESSAGE_LINES).map(
      (line, i) => (i === 0 ? paint('red', label) : ' '.repeat(label.length)) + line,
    );
  return [
    ...conflicts.flatMap(({ message }) => wrapped(LABEL, message)),
    ...restarting.flatMap((name) =>
      wrapped(NOTE, `${name} has ended: whether it lacked a port, podctl logs ${pod.title} ${name} tells`),
    ),
  ];
}
