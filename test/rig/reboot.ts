import fs from 'node:fs';
import path from 'node:path';
import type { Containerd } from './containerd.ts';
import { CNI_CACHE, namesIn } from './files.ts';
import { cutPower } from './teardown.ts';

const HOUR_S = 3600;

/** Brings a node down and up as a reboot does: what lay in memory is gone, what lay on disk is there, and is old. */
export async function reboot(containerd: Containerd): Promise<void> {
  containerd.session.close();
  const ids = await cutPower(containerd.instance);
  const before = Date.now() / 1000 - HOUR_S;
  for (const file of filesOf(containerd, ids)) fs.utimesSync(file, before, before);
  fs.rmSync(containerd.state, { recursive: true, force: true });
  fs.rmSync(containerd.socket, { force: true });
  await containerd.resume();
}

/** What CNI keeps on disk for the pods. */
function filesOf({ cniNetwork, ipamDir }: Containerd, ids: ReadonlySet<string>): string[] {
  const reserved = path.join(ipamDir, cniNetwork);
  const cached = namesIn(CNI_CACHE).filter((name) => [...ids].some((id) => name.includes(id)));
  return [
    ...namesIn(reserved).map((name) => path.join(reserved, name)),
    ...cached.map((name) => path.join(CNI_CACHE, name)),
  ];
}
