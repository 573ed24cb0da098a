import fs from 'node:fs';
import path from 'node:path';
import { isRunning } from '../../host/process.ts';
import { createReadHost } from '../../host/read-host.ts';
import { whyNotToRun } from '../../host/trusted-program.ts';
import type { ConfigCheck } from '../../model/plan.ts';
import { IMAGE_PATHS } from '../../model/sandbox-image-keys.ts';
import { type Table, textAt } from '../../model/toml-value.ts';
import { runTool } from '../actions/tools.ts';
import type { ActionContext } from '../context.ts';

/** `wrong`: the runtime makes something else of its files. `unsure`: it could not be asked. Both '': all is well. */
export interface Verdict {
  wrong: string;
  unsure: string;
}

/** Asks the program of the containerd that runs what it makes of its files now. */
export async function whyNotAsWanted(
  { daemon, file, sandboxImage }: ConfigCheck,
  context: Pick<ActionContext, 'timeoutMs' | 'signal'>,
): Promise<Verdict> {
  const unsure = whyNotAsked(daemon);
  if (unsure !== '') return { wrong: '', unsure };
  const link = `/proc/${daemon.pid}`;
  let dump: string;
  try {
    const cwd = fs.readlinkSync(`${link}/cwd`);
    dump = await runTool(context, `${link}/exe`, ['--config', file, 'config', 'dump'], cwd);
  } catch (error) {
    // Its last words only: more may show lines of the file.
    const words = (error instanceof Error ? error.message : String(error)).split('\n').at(-1) ?? '';
    return { wrong: `containerd does not start with it: ${words.slice(0, 300)}`, unsure: '' };
  }
  const { parse } = await import('smol-toml');
  const table: Table = parse(dump, { integersAsBigInt: 'asNeeded' });
  const shown = textAt(table, IMAGE_PATHS.v3) ?? textAt(table, IMAGE_PATHS.v2);
  if (shown === sandboxImage) return { wrong: '', unsure: '' };
  const wrong = `containerd config dump still shows ${shown ?? 'no sandbox image'}, not ${sandboxImage}: another file or flag decides`;
  return { wrong, unsure: '' };
}

function whyNotAsked(daemon: ConfigCheck['daemon']): string {
  if (!isRunning(daemon)) return 'containerd does not run any more';
  const host = createReadHost();
  const exe = fs.readlinkSync(`/proc/${daemon.pid}/exe`);
  // In k3s the program that runs is more than containerd.
  if (path.basename(exe) !== 'containerd') return `${exe} is not called containerd`;
  const mnt = host.nsId(`/proc/${daemon.pid}/ns/mnt`);
  return whyNotToRun(host, { pid: daemon.pid, exe, mnt }, 'containerd') ?? '';
}
