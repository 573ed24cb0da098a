import fs from 'node:fs';
import path from 'node:path';
import { identityOf } from '../host/process.ts';
import { sweepLocks } from './lock.ts';
import type { StateFolder } from './state-folder.ts';

const TEMPORARY = /^\..*\.(\d+)\.tmp$/;

/** Takes away what killed commands left of files that were never finished, and their locks. */
export function sweep(state: StateFolder): void {
  for (const folder of [state.records, state.locks]) {
    for (const name of fs.readdirSync(folder)) {
      const pid = Number(TEMPORARY.exec(name)?.[1] ?? 0);
      const isLeft = pid === process.pid || (pid > 0 && identityOf(pid) === null);
      if (isLeft) fs.rmSync(path.join(folder, name), { force: true });
    }
  }
  sweepLocks(state);
}
