import fs from 'node:fs';
import { withLock } from '../../src/sandbox/lock.ts';
import { openState } from '../../src/sandbox/state-folder.ts';

const [dir = '', journal = '', command = '', waitMs = '0', holdMs = '0'] = process.argv.slice(2);
const state = openState(dir, { create: true });
if (!state) throw new Error('no state folder');
try {
  await withLock(state, { name: 'web', what: 'sandbox web', command, waitMs: Number(waitMs) }, async () => {
    fs.appendFileSync(journal, `begin ${command}\n`);
    await new Promise((resolve) => setTimeout(resolve, Number(holdMs)));
    fs.appendFileSync(journal, `end ${command}\n`);
  });
} catch (error) {
  fs.appendFileSync(journal, `refused ${command}: ${error instanceof Error ? error.message : ''}\n`);
}
