import type { SandboxRecord } from '../model/sandbox.ts';

/** Where records of podctl's own sandboxes are kept. Every method throws an Error that names the file. */
export interface RecordStore {
  /** Null when there is none. */
  read(id: string): SandboxRecord | null;
  /** Writes it whole or not at all, with the next revision; gives what was written. */
  write(record: SandboxRecord): SandboxRecord;
  /** Nothing to do where it is gone. */
  remove(id: string): void;
  /** Holds the sandbox's hosts, resolv.conf, hostname, shm and logs. */
  folderOf(id: string): string;
}
