import fs from 'node:fs';
import path from 'node:path';
import type { SandboxRecord } from '../model/sandbox.ts';
import { SandboxError } from './error.ts';
import type { RecordList } from './records.ts';

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const HEX = /^[0-9a-f]+$/;
const MAX_PROGRAM = 50;

/** 64 hex digits, as CRI's runtimes give; from the kernel itself, for loading node:crypto takes longer than the rest. */
export function newId(): string {
  const bytes = Buffer.alloc(32);
  const fd = fs.openSync('/dev/urandom', 'r');
  try {
    if (fs.readSync(fd, bytes) !== bytes.length) throw new Error('/dev/urandom gave too little');
  } finally {
    fs.closeSync(fd);
  }
  return bytes.toString('hex');
}

/** As runtimes show ids in lists. */
export function shortId(id: string): string {
  return id.slice(0, 13);
}

/** Throws SandboxError unless it can be a hostname and a part of a path. */
export function requireName(what: string, name: string): string {
  if (DNS_LABEL.test(name)) return name;
  throw new SandboxError(
    'usage',
    `${what} ${JSON.stringify(name.slice(0, 80))} is no DNS label`,
    'use at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends',
  );
}

/** A DNS label for a container that was given no name: that of its program or image. */
export function programName(program: string): string {
  const plain = path
    .basename(program)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_PROGRAM)
    .replace(/^-|-$/g, '');
  return plain === '' ? 'app' : plain;
}

/** Throws SandboxError when a sandbox has that name already. */
export function requireFreeName({ records }: RecordList, name: string): void {
  const taken = records.find((r) => r.name === name);
  if (taken)
    throw new SandboxError(
      'usage',
      `the name ${name} is in use by sandbox ${shortId(taken.id)} (${taken.phase})`,
      `podctl sandbox rm ${name}, or take another name`,
    );
}

/**
 * The sandbox of that name, full id or beginning of an id; a name goes before an id.
 * Null when there is none. Throws SandboxError when several ids begin so, or when its record cannot be read.
 */
export function findSandbox(list: RecordList, wanted: string): SandboxRecord | null {
  const named = list.records.find((r) => r.name === wanted || r.id === wanted);
  if (named) return named;
  if (!HEX.test(wanted)) return null;
  const lost = list.unreadable.filter(({ id }) => id.startsWith(wanted));
  const found = list.records.filter((r) => r.id.startsWith(wanted));
  if (found.length + lost.length > 1) {
    const ids = [...found, ...lost].map(({ id }) => shortId(id));
    throw new SandboxError('usage', `${wanted} begins several ids: ${ids.join(', ')}`, 'write more of it');
  }
  if (lost[0])
    throw new SandboxError(
      'usage',
      lost[0].problem.message,
      'it is kept as it is; restore it, use the podctl that wrote it, or move it away',
    );
  return found[0] ?? null;
}

/** The same; none is a SandboxError too, which names unreadable records: it may be one of them. */
export function requireSandbox(list: RecordList, wanted: string): SandboxRecord {
  const found = findSandbox(list, wanted);
  if (found) return found;
  const lost = list.unreadable.map((u) => `; ${u.problem.message}`).join('');
  throw new SandboxError(
    'usage',
    `there is no sandbox ${JSON.stringify(wanted.slice(0, 80))}${lost}`,
    'podctl sandbox ls shows all',
  );
}
