import fs from 'node:fs';
import path from 'node:path';
import { type ConfigSettings, containerdConfig, criTable, quote } from './config.ts';
import type { Containerd } from './containerd.ts';
import { pauseArchive } from './images.ts';

const V2_KEY = (image: string) =>
  `[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = ${quote(image)}\n`;
const V3_KEY = (image: string) =>
  `[plugins."io.containerd.cri.v1.images".pinned_images]\n  sandbox = ${quote(image)}\n`;

/** Starts anew with a config.toml that is changed after it was made. */
async function restartWith(
  containerd: Containerd,
  change: Partial<ConfigSettings>,
  edit: (text: string) => string,
): Promise<void> {
  const { runtime, paths, configFile } = containerd;
  await containerd.halt();
  Object.assign(containerd.settings, change);
  fs.writeFileSync(configFile, edit(containerdConfig(runtime.line, paths, containerd.settings)));
  await containerd.resume();
}

function dropIn(containerd: Containerd, text: string): string {
  const file = path.join(containerd.dir, 'drop-in.toml');
  fs.writeFileSync(file, text);
  return file;
}

/** containerd 1.x: a file of version 2 that names the image by version 3's key. */
export async function v3KeyUnderVersion2(containerd: Containerd, image: string): Promise<void> {
  await containerd.restart({ sandboxImage: null, tail: V3_KEY(image) });
}

/** containerd 2.x: the key of version 2 in a file that declares no version. */
export async function v2KeyWithoutVersion(containerd: Containerd, image: string): Promise<void> {
  const change = { sandboxImage: null, tail: V2_KEY(image) };
  await restartWith(containerd, change, (text) => text.replace(/^version = .*\n/, ''));
}

/** containerd 2.x: a file of version 2, undone by a drop-in of version 3 that says nothing of images. */
export async function dropInOfVersion3(containerd: Containerd, image: string): Promise<string> {
  const file = dropIn(containerd, 'version = 3\n\n[debug]\n  level = "info"\n');
  const change = { sandboxImage: null, imports: [file], tail: V2_KEY(image) };
  await restartWith(containerd, change, (text) => text.replace(/^version = .*/, 'version = 2'));
  return file;
}

/** containerd 1.x: a drop-in that names another key of the same table, which goes whole. */
export async function dropInOfTable(containerd: Containerd): Promise<string> {
  const table = criTable(containerd.paths, { ...containerd.settings, sandboxImage: null });
  const file = dropIn(containerd, `version = 2\n\n${table}`);
  await containerd.restart({ imports: [file] });
  return file;
}

/** Names another image in a file that looks older than the daemon: written by what keeps times, as `cp -p` does. */
export async function nameUnseen(containerd: Containerd, image: string): Promise<void> {
  const { mtime } = fs.statSync(containerd.configFile);
  await containerd.load(await pauseArchive([image], '2'));
  containerd.configure({ sandboxImage: image });
  fs.utimesSync(containerd.configFile, mtime, mtime);
}
