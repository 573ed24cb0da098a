import fs from 'node:fs';
import path from 'node:path';
import { isRunning } from '../../host/process.ts';
import { createReadHost } from '../../host/read-host.ts';
import { whyNotToRun } from '../../host/trusted-program.ts';
import type { ProcessIdentity } from '../../model/plan.ts';
import { programFault } from '../../native/locate.ts';

/** Where ctr is when none stands beside the containerd that runs. */
const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'];

/** The ctr that belongs to the containerd that runs, else the system's. Throws where there is none to be trusted. */
export function findCtr(daemon: ProcessIdentity | null): string[] {
  const reasons: string[] = [];
  for (const [program = '', ...words] of [...ctrOf(daemon), ...SYSTEM_FOLDERS.map((f) => [`${f}/ctr`])]) {
    if (!fs.existsSync(program)) continue;
    const fault = programFault(program);
    if (fault === null) return [program, ...words];
    reasons.push(fault);
  }
  throw new Error(reasons[0] ?? 'no ctr is beside containerd or in /usr/bin: install it, or pull the image');
}

function ctrOf(daemon: ProcessIdentity | null): string[][] {
  if (daemon === null || !isRunning(daemon)) return [];
  const host = createReadHost();
  const exe = fs.readlinkSync(`/proc/${daemon.pid}/exe`);
  const mnt = host.nsId(`/proc/${daemon.pid}/ns/mnt`);
  if (whyNotToRun(host, { pid: daemon.pid, exe, mnt }, 'containerd') !== null) return [];
  const beside = [path.join(path.dirname(exe), 'ctr')];
  // k3s is containerd and ctr in one.
  return path.basename(exe) === 'k3s' ? [beside, [exe, 'ctr']] : [beside];
}
