import fs from 'node:fs';
import path from 'node:path';
import { createReadHost, isMissing, problemOf } from '../host/read-host.ts';
import { writeFileAtomic } from '../host/write-file.ts';
import { type Problem, problem } from '../model/outcome.ts';
import type { SandboxRecord } from '../model/sandbox.ts';
import { SANDBOX_ID, sandboxRecordShape } from '../model/sandbox-shape.ts';
import { isObject } from '../model/shape.ts';
import type { RecordStore } from '../remedy/record-store.ts';
import type { StateFolder } from './state-folder.ts';

const SUFFIX = '.json';
const MAX_BYTES = 4 * 1024 * 1024;

/** What a folder of records holds. Those that cannot be read are named, and never touched. */
export interface RecordList {
  records: SandboxRecord[];
  unreadable: { id: string; problem: Problem }[];
}

/** Every record, oldest first. */
export function listRecords(state: StateFolder): RecordList {
  const list: RecordList = { records: [], unreadable: [] };
  for (const name of namesIn(state.records)) {
    const id = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
    if (!SANDBOX_ID.test(id)) continue;
    const read = readRecord(state, id);
    if (read === null) continue;
    if ('record' in read) list.records.push(read.record);
    else list.unreadable.push({ id, problem: read.problem });
  }
  list.records.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return list;
}

/** One record; null when there is none; a problem when what is there cannot be understood. */
export function readRecord(
  state: StateFolder,
  id: string,
): { record: SandboxRecord } | { problem: Problem } | null {
  const file = fileOf(state, id);
  try {
    return understand(createReadHost().readFile(file, { max: MAX_BYTES }), file, id);
  } catch (error) {
    return isMissing(error) ? null : { problem: problemOf(error, file) };
  }
}

function understand(
  text: string,
  file: string,
  id: string,
): { record: SandboxRecord } | { problem: Problem } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: problem('truncated', `the record ${file} is cut off, or no JSON`, file) };
  }
  const schema = isObject(value) ? value.schema : undefined;
  if (typeof schema === 'string' && /^podctl\.sandbox\/v([2-9]|\d\d+)$/.test(schema))
    return {
      problem: problem('unavailable', `the record ${file} was written by a later podctl (${schema})`, file),
    };
  const fault = sandboxRecordShape.fault(value, 'record');
  if (fault !== null)
    return { problem: problem('malformed', `the record ${file} is damaged: ${fault}`, file) };
  const record = value as SandboxRecord;
  if (record.id !== id)
    return { problem: problem('malformed', `the record ${file} is of another sandbox, ${record.id}`, file) };
  return { record };
}

/** The store that plans are carried out on. */
export function recordStore(state: StateFolder): RecordStore {
  return {
    read(id) {
      const read = readRecord(state, id);
      if (read === null) return null;
      if ('problem' in read) throw new Error(read.problem.message);
      return read.record;
    },
    write(record) {
      const next = { ...record, revision: record.revision + 1 };
      writeFileAtomic(fileOf(state, record.id), `${JSON.stringify(next, null, 2)}\n`, 0o600);
      return next;
    },
    remove(id) {
      fs.rmSync(fileOf(state, id), { force: true });
    },
    folderOf: state.folderOf,
  };
}

function fileOf(state: StateFolder, id: string): string {
  if (!SANDBOX_ID.test(id)) throw new Error(`${JSON.stringify(id)} is no id of a sandbox`);
  return path.join(state.records, id + SUFFIX);
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
