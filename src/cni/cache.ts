import fs from 'node:fs';
import path from 'node:path';
import { createReadHost, isMissing, problemOf } from '../host/read-host.ts';
import { writeFileAtomic } from '../host/write-file.ts';
import { type Attachment, requireAttachment } from './attachment.ts';
import { type CachedAttachment, decodeCache, encodeCache } from './cache-format.ts';
import type { Network } from './conf.ts';
import { CniError } from './error.ts';
import { type AttachmentKey, requireKey } from './names.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** What the cache tells of one attachment. */
export type CacheEntry =
  | { status: 'found'; cached: CachedAttachment }
  | { status: 'absent' }
  | { status: 'unreadable'; reason: string };

/** `<cacheDir>/results/<network>-<container id>-<interface>`. Throws CniError `bad-argument`. */
export function cacheFile(cacheDir: string, key: AttachmentKey): string {
  requireKey(key);
  return path.join(cacheDir, 'results', fileName(key));
}

/**
 * Records an attachment with the configuration that made it and its result, as libcni does, but whole or not
 * at all. Gives the file. Throws CniError `cache`.
 */
export function writeCache(
  cacheDir: string,
  network: Network,
  attachment: Attachment,
  result: Record<string, unknown>,
): string {
  const key = requireAttachment(network.name, attachment);
  const file = cacheFile(cacheDir, key);
  const { text } = network.secret();
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileAtomic(file, encodeCache({ network: network.name, config: text, attachment, result }), 0o600);
  } catch (error) {
    throw failure(`cannot record the attachment in ${file}`, error, network.name);
  }
  return file;
}

/** Reads one attachment. What is there and makes no sense is `unreadable`, never an exception. */
export function readCache(cacheDir: string, key: AttachmentKey): CacheEntry {
  return readEntry(cacheFile(cacheDir, key), key);
}

/** Takes an attachment's file away, and what a killed writer left of it. Throws CniError `cache`. */
export function removeCache(cacheDir: string, key: AttachmentKey): void {
  const file = cacheFile(cacheDir, key);
  const folder = path.dirname(file);
  const half = `.${path.basename(file)}.`;
  try {
    const leftovers = namesIn(folder).filter((name) => name.startsWith(half) && name.endsWith('.tmp'));
    for (const name of [path.basename(file), ...leftovers])
      fs.rmSync(path.join(folder, name), { force: true });
  } catch (error) {
    throw failure(`cannot remove ${file}`, error, key.network);
  }
}

/** Every attachment in the cache, and the files that cannot be read. Throws CniError `cache`. */
export function listCache(cacheDir: string): {
  attachments: CachedAttachment[];
  unreadable: { file: string; reason: string }[];
} {
  const folder = path.join(cacheDir, 'results');
  const attachments: CachedAttachment[] = [];
  const unreadable: { file: string; reason: string }[] = [];
  for (const name of namesIn(folder).filter((one) => !one.startsWith('.'))) {
    const file = path.join(folder, name);
    const entry = readEntry(file, null);
    if (entry.status === 'found') attachments.push(entry.cached);
    if (entry.status === 'unreadable') unreadable.push({ file, reason: entry.reason });
  }
  return { attachments, unreadable };
}

function readEntry(file: string, key: AttachmentKey | null): CacheEntry {
  try {
    return decodeCache(createReadHost().readFile(file, { max: MAX_BYTES }), file, key);
  } catch (error) {
    if (isMissing(error)) return { status: 'absent' };
    return { status: 'unreadable', reason: problemOf(error, file).message };
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw failure(`cannot list ${folder}`, error, null);
  }
}

function fileName({ network, containerId, ifName }: AttachmentKey): string {
  return `${network}-${containerId}-${ifName}`;
}

function failure(what: string, error: unknown, network: string | null): CniError {
  const why = error instanceof Error ? error.message : String(error);
  return new CniError('cache', `${what}: ${why}; make the folder writable, or name another`, { network });
}
