import fs from 'node:fs';
import path from 'node:path';
import type { Containerd } from './containerd.ts';

/** Gives the rig a folder of plugins of its own, links to all of the real ones, and has containerd use it. */
export async function ownPlugins(containerd: Containerd): Promise<string> {
  const folder = path.join(containerd.dir, 'bin');
  const { cniBin } = containerd.runtime;
  fs.mkdirSync(folder, { mode: 0o755 });
  for (const name of fs.readdirSync(cniBin)) {
    fs.copyFileSync(path.join(cniBin, name), path.join(folder, name));
    fs.chmodSync(path.join(folder, name), 0o755);
  }
  containerd.paths.cniBin = folder;
  await containerd.restart();
  return folder;
}
