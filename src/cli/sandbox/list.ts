import { bootId } from '../../host/process.ts';
import { nsLink } from '../../model/namespace.ts';
import type { SandboxRecord } from '../../model/sandbox.ts';
import { escapeText } from '../../report/escape.ts';
import { requireSandbox, shortId } from '../../sandbox/lookup.ts';
import { type Observed, observe } from '../../sandbox/observe.ts';
import { listRecords, type RecordList } from '../../sandbox/records.ts';
import { PIN_TYPES, scanProcesses } from '../../sandbox/scan.ts';
import type { Workshop } from '../../sandbox/workshop.ts';
import { type Args, one } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { formatOf, renderData, renderTable } from './output.ts';
import { openShop } from './shop.ts';
import { containersOf, sandboxStatus, stateOf } from './status.ts';

export const EMPTY_LIST: RecordList = { records: [], unreadable: [] };
const MINUTE = 60_000;
const UNITS: [string, number][] = [
  ['d', 1440 * MINUTE],
  ['h', 60 * MINUTE],
  ['m', MINUTE],
];

/** `podctl sandbox ls` */
export async function listCommand(args: Args, terminal: Terminal): Promise<number> {
  const format = formatOf(args);
  const shop = openShop(args, terminal, 'sandbox ls', false);
  const list = shop ? listRecords(shop.state) : EMPTY_LIST;
  const rows = shop ? observeAll(shop, list.records) : [];
  if (format === 'table') {
    const id = args['no-trunc'] === true ? (full: string) => full : shortId;
    const head = ['SANDBOX ID', 'NAME', 'STATE', 'ADDRESS', 'NETWORK', 'CONTAINERS', 'CREATED'];
    const lines = rows.map(({ record, observed }) => row(record, observed, id));
    terminal.out(await renderTable([head, ...lines, ...list.unreadable.map((u) => lost(u.id, id))]));
    for (const { problem } of list.unreadable) terminal.err(`note: ${escapeText(problem.message)}\n`);
    return 0;
  }
  const sandboxes = rows.map(({ record, observed }) => summary(record, observed));
  terminal.out(
    await renderData({ schema: 'podctl.sandboxes/v1', sandboxes, unreadable: list.unreadable }, format),
  );
  return 0;
}

/** `podctl sandbox inspect NAME` */
export async function inspectCommand(args: Args, terminal: Terminal): Promise<number> {
  const format = formatOf(args);
  const shop = openShop(args, terminal, 'sandbox inspect', false);
  const record = requireSandbox(shop ? listRecords(shop.state) : EMPTY_LIST, one(args, 'sandbox') ?? '');
  if (!shop) return 0;
  const status = await sandboxStatus(shop, record);
  if (format !== 'table') {
    terminal.out(await renderData(status, format));
    return 0;
  }
  const { network } = status;
  const links = network.links.map((l) => {
    const own = network.assigned.filter((a) => a.link === l.index).map((a) => `${a.address}/${a.prefix}`);
    return [l.name, l.up ? 'up' : 'down', l.mac || '-', own.join(' ')].join('  ');
  });
  const routes = network.routes.map((r) => `${r.destination}${r.gateway === '' ? '' : ` via ${r.gateway}`}`);
  const rows = [
    ['Name', status.name],
    ['Id', status.id],
    ['State', status.state],
    ['Created', status.createdAt],
    ['Pause', status.pause ? `${status.pause.pid}${status.pause.alive ? '' : ' (dead)'}` : '-'],
    ['Held by', status.anchors.join(', ') || 'nothing'],
    ...PIN_TYPES.map((type) => [`Namespace ${type}`, namespaceText(record, status.namespaces[type])]),
    [
      'Network',
      network.kind === 'none' ? 'none' : `${network.name}${network.attached ? '' : ' (not attached)'}`,
    ],
    ...links.map((line) => ['Link', line]),
    ...routes.map((line) => ['Route', line]),
    ...status.ports.map((p) => [
      'Port',
      `${p.hostIp}${p.hostIp ? ':' : ''}${p.hostPort} -> ${p.containerPort}/${p.protocol}`,
    ]),
    ...status.containers.map((c) => [
      'Container',
      `${c.name}  ${containerText(c)}  ${c.bundle || c.command.join(' ')}`,
    ]),
    ['Folder', status.folder],
  ];
  terminal.out(await renderTable(rows));
  if (!status.privileged)
    terminal.err('note: made without root: no pins, its namespaces end with the last process in them\n');
  return 0;
}

function containerText({ state, pid, exitCode }: ReturnType<typeof containersOf>[number]): string {
  if (state !== 'exited') return state === 'running' ? `running, ${pid}` : state;
  return exitCode === null ? 'exited' : `exited (${exitCode})`;
}

function namespaceText(
  record: SandboxRecord,
  seen: { pin: string; pinned: boolean; id: string } | undefined,
): string {
  if (!seen || seen.id === '') return 'gone';
  const type = PIN_TYPES.find((t) => record[t].path === seen.pin) ?? 'net';
  const [device = '0', inode = '0'] = seen.id.split(':');
  const link = nsLink(type, `${Number(device)}:${Number(inode)}`);
  return seen.pinned ? `${link}  ${seen.pin}` : link;
}

function observeAll(
  shop: Workshop,
  records: readonly SandboxRecord[],
): { record: SandboxRecord; observed: Observed }[] {
  const processes = scanProcesses();
  const around = { processes, bootId: bootId(), pauseProgram: shop.pauseProgram };
  return records.map((record) => ({
    record,
    observed: observe(record, { ...around, folder: shop.state.folderOf(record.id) }),
  }));
}

function row(record: SandboxRecord, observed: Observed, id: (full: string) => string): string[] {
  const { name, spec, attachment, createdAt, phase } = record;
  const state = stateOf(record, observed);
  return [
    id(record.id),
    name,
    state === 'ready' || phase === 'ready' ? state : `${state} (${phase})`,
    attachment?.addresses.map((a) => a.split('/')[0]).join(' ') || '-',
    spec.network.kind === 'cni' ? spec.network.name : 'none',
    `${observed.containers.filter((c) => c.process).length}/${record.containers.length}`,
    ageText(Date.now() - createdAt),
  ];
}

function lost(full: string, id: (full: string) => string): string[] {
  return [id(full), '?', 'unknown', '-', '-', '-', '-'];
}

function summary(record: SandboxRecord, observed: Observed) {
  const { id, name, phase, spec, attachment, privileged } = record;
  return {
    id,
    name,
    state: stateOf(record, observed),
    phase,
    createdAt: new Date(record.createdAt).toISOString(),
    privileged,
    network: spec.network.kind === 'cni' ? spec.network.name : '',
    addresses: attachment?.addresses ?? [],
    pause: record.pause?.pid ?? null,
    labels: spec.labels,
    containers: containersOf(record, observed).map(({ name, state, running, exitCode }) => ({
      name,
      state,
      running,
      exitCode,
    })),
  };
}

function ageText(ms: number): string {
  const unit = UNITS.find(([, size]) => ms >= size);
  return unit ? `${Math.floor(ms / unit[1])}${unit[0]} ago` : `${Math.max(0, Math.floor(ms / 1000))}s ago`;
}
