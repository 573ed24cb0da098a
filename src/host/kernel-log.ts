import fs from 'node:fs';
import { systemCode } from './read-host.ts';

/** More than the kernel gives one record. */
const RECORD = 8192;
const MAX_RECORDS = 100_000;

/**
 * What the kernel itself has said and still remembers, one record a text, the oldest first: `6,2731,13454447690,-;...`.
 * Left out is what programs wrote into its log. Throws the system's error when the log cannot be opened.
 */
export function readKernelLog(path: string): string[] {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(RECORD);
    const records: string[] = [];
    for (let i = 0; i < MAX_RECORDS; i += 1) {
      const record = readRecord(fd, buffer);
      if (record === null) break;
      if (isKernels(record)) records.push(record);
    }
    return records;
  } finally {
    fs.closeSync(fd);
  }
}

/** Null at the end; '' for one that was overwritten while we read. */
function readRecord(fd: number, buffer: Buffer): string | null {
  try {
    const length = fs.readSync(fd, buffer);
    return length === 0 ? null : buffer.toString('utf8', 0, length);
  } catch (error) {
    if (systemCode(error) === 'EAGAIN') return null;
    if (systemCode(error) === 'EPIPE') return '';
    throw error;
  }
}

/** The number in front holds who wrote it: below 8 the kernel. */
function isKernels(record: string): boolean {
  const priority = /^\d+(?=,)/.exec(record)?.[0];
  return priority !== undefined && Number(priority) < 8;
}
