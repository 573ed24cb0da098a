import { createHash } from 'node:crypto';
import type { Snapshot } from '../../src/model/snapshot.ts';

const PIDS = ['pid', 'ppid', 'tid', 'initPid', 'holder', 'waiting'];
/** By so much pids, inodes, indices of links and start times are moved. */
const PIDS_BY = 30_000;
const INODES_BY = 5000;
const LINKS_BY = 2000;
const HOUR_MS = 3_600_000;
const MINUTE_S = 60;
const LINKS = ['index', 'peerIndex', 'link', 'master'];
/** Namespaces of the node itself keep their numbers. */
const FIRST_INODE = 4026532000;
const TIME = { from: 1_700_000_000_000, to: 2_000_000_000_000 };

/**
 * The same node after every pod, and the runtime, was restarted: other ids, pids, inodes, uids, names of pins and of
 * links, attempts and times. `keep`: what does not come back under another name, for nobody owns it. `rename`: names
 * of pods.
 */
export function restarted(
  snapshot: Snapshot,
  keep: (word: string) => boolean,
  rename: (name: string) => string = (name) => name,
): Snapshot {
  return map(snapshot, '') as Snapshot;

  function map(value: unknown, key: string): unknown {
    if (typeof value === 'number') return moved(value, key);
    if (typeof value === 'string') return text(value, key);
    if (Array.isArray(value)) return value.map((member) => map(member, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [text(name, ''), map(child, name)]),
    );
  }

  function text(value: string, key: string): string {
    if (key === 'digest' || key === 'digests' || value.includes('sha256:')) return value;
    return (isPodName(value, key) ? rename(value) : value)
      .replace(/^(\d+):(\d{7,})$/, (_, device, inode) => `${device}:${inodeOf(inode)}`)
      .replace(/\[(\d{7,})\]/g, (_, inode) => `[${inodeOf(inode)}]`)
      .replace(/\/proc\/(\d+)\b/g, (_, pid) => `/proc/${pidOf(Number(pid))}`)
      .replace(/_(\d)$/, (_, attempt) => `_${Number(attempt) + 1}`)
      .replace(/\b[0-9a-f]{64}\b/g, (id) => (keep(id) ? id : hash(id, 64)))
      .replace(/[0-9a-f]{8}([-_])[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}\b/g, (uuid, sign) =>
        keep(uuid) ? uuid : dashed(uuid.replaceAll('_', '-')).replaceAll('-', sign),
      )
      .replace(/\bveth[0-9a-f]{8}\b/g, (link) => (keep(link) ? link : `veth${hash(link, 8)}`))
      .replace(/\b(CNI-(?:[A-Z]{2}-)?)([0-9a-f]{20,24})\b/g, (chain, head, tail) =>
        keep(chain) ? chain : `${head}${hash(tail, tail.length)}`,
      );
  }
}

/** Names of pods stand under `name` beside their namespace, and in the names of containerd's records. */
function isPodName(value: string, key: string): boolean {
  return (
    (key === 'name' && /^[a-z][a-z-]*$/.test(value)) || /^[a-z-]+_[a-z-]+_[0-9a-f-]{36}_\d+$/.test(value)
  );
}

function moved(value: number, key: string): number {
  if (PIDS.includes(key)) return pidOf(value);
  if (LINKS.includes(key) && value > 1) return value + LINKS_BY;
  if (key === 'attempt') return value + 1;
  if (key === 'uptime') return value + MINUTE_S;
  if (key === 'startTicks') return value + MINUTE_S * 100;
  if (key === 'bootTime') return value + HOUR_MS - MINUTE_S * 1000;
  return value > TIME.from && value < TIME.to ? value + HOUR_MS : value;
}

function pidOf(pid: number): number {
  return pid > 2 ? pid + PIDS_BY : pid;
}

function inodeOf(inode: string): number {
  return Number(inode) < FIRST_INODE ? Number(inode) : Number(inode) + INODES_BY;
}

function hash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function dashed(uuid: string): string {
  return hash(uuid, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
