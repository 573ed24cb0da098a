import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Containerd } from './containerd.ts';
import { removeSandboxImage } from './faults.ts';
import { pauseArchive } from './images.ts';
import { makePod } from './pods.ts';
import { mirror } from './registry.ts';
import { sh } from './sh.ts';

/** Nobody listens on the port of discard. */
const NOBODY = 'http://127.0.0.1:9';
const REGISTRY = 'registry.k8s.io';
const AARCH64 = 183;
const ELF_MACHINE_AT = 18;

/** Removes the sandbox image, and lets a pod be asked for while its registry answers with this status. */
export async function registryAnswers(containerd: Containerd, status: 401 | 403 | 404): Promise<void> {
  const headers = status === 401 ? { 'www-authenticate': 'Basic realm="pauses"' } : {};
  const body = status === 404 ? '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}' : '';
  const server = http.createServer((_, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await mirror(containerd, REGISTRY, `http://127.0.0.1:${port}`);
    await removeSandboxImage(containerd);
    await startFails(containerd);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Removes the sandbox image, and lets a pod be asked for while nobody is at its registry's address. */
export async function registryIsAway(containerd: Containerd): Promise<void> {
  await mirror(containerd, REGISTRY, NOBODY);
  await removeSandboxImage(containerd);
  await startFails(containerd);
}

/** The sandbox image is in a namespace of containerd that CRI does not read, and in no other. */
export async function loadIntoDefault(containerd: Containerd, image: string): Promise<void> {
  await removeSandboxImage(containerd);
  await inDefault(containerd, 'images', 'import', await archiveOf(containerd, image));
}

/** As above, with the right label there, and without one where it counts. */
export async function pinInDefault(containerd: Containerd, image: string): Promise<void> {
  await inDefault(containerd, 'images', 'import', await archiveOf(containerd, image, '2'));
  await inDefault(containerd, 'images', 'label', image, 'io.cri-containerd.pinned=pinned');
}

async function archiveOf(containerd: Containerd, image: string, edition?: string): Promise<string> {
  const file = path.join(containerd.dir, 'default.tar');
  fs.writeFileSync(file, await pauseArchive([image], edition));
  return file;
}

function inDefault(containerd: Containerd, ...args: string[]): Promise<string> {
  return sh(containerd.runtime.bin.ctr, ['--address', containerd.socket, '--namespace', 'default', ...args]);
}

export type Damage = 'empty' | 'missing' | 'not-executable' | 'other-machine';

/** Damages the pause of the last image that was unpacked where it lies unpacked, and asks for a pod. Gives the program's path. */
export async function damagePause(containerd: Containerd, damage: Damage): Promise<string> {
  const snapshots = path.join(containerd.root, 'io.containerd.snapshotter.v1.overlayfs/snapshots');
  const youngestFirst = fs.readdirSync(snapshots).sort((a, b) => Number(b) - Number(a));
  const programs = youngestFirst.map((n) => path.join(snapshots, n, 'fs/pause'));
  const program = programs.find((file) => fs.existsSync(file));
  if (program === undefined) throw new Error(`no pause is unpacked below ${snapshots}`);
  const content = fs.readFileSync(program);
  // Its inode stays that of the running pauses otherwise, and their text may not be written.
  fs.rmSync(program);
  if (damage === 'other-machine') content.writeUInt16LE(AARCH64, ELF_MACHINE_AT);
  if (damage !== 'missing') {
    fs.writeFileSync(program, damage === 'empty' ? '' : content, {
      mode: damage === 'not-executable' ? 0o644 : 0o755,
    });
  }
  await startFails(containerd);
  return program;
}

/** A pod that does not come up: at its sandbox, or because its sandbox does not live. */
async function startFails(containerd: Containerd): Promise<void> {
  const made = await makePod(containerd, { name: 'next' }).catch(() => null);
  if (made !== null) throw new Error('a pod started that should not have');
}
