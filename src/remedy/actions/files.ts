import fs from 'node:fs';
import path from 'node:path';
import { isMissing } from '../../host/read-host.ts';
import type { SandboxRecord } from '../../model/sandbox.ts';
import type { ActionContext, Done } from '../context.ts';
import { hostsText, resolvText } from '../sandbox-files.ts';
import { type ActionOf, recordOf } from './records.ts';
import { runTool } from './tools.ts';

const SHM_OPTIONS = 'nosuid,nodev,noexec,mode=1777,size=65536k';

/** Makes what is missing, and writes the texts anew. A running container sees them: they are written in place. */
export async function makeFiles(
  { id, shm: mounts }: ActionOf<'make-files'>,
  context: ActionContext,
): Promise<Done> {
  const record = recordOf(id, context);
  const folder = context.records.folderOf(id);
  const shm = path.join(folder, 'shm');
  fs.mkdirSync(shm, { recursive: true, mode: 0o700 });
  fs.chmodSync(shm, 0o1777);
  write(folder, 'hostname', `${record.spec.hostname}\n`);
  writeHosts(record, folder);
  write(folder, 'resolv.conf', resolvText(record.spec.dns));
  if (mounts && record.privileged && mountsBelow(folder).length === 0) {
    await runTool(context, 'mount', ['-t', 'tmpfs', '-o', SHM_OPTIONS, 'shm', shm]);
  }
  return 'done';
}

/** Writes the sandbox's /etc/hosts; the addresses are known once it is attached. */
export function writeHosts({ spec, attachment }: SandboxRecord, folder: string): void {
  write(folder, 'hosts', hostsText(spec.hostname, attachment?.addresses ?? []));
}

/** Removes the folder. Nothing may be mounted in it but our own /dev/shm, or the removal would reach into it. */
export async function removeFiles({ id }: ActionOf<'remove-files'>, context: ActionContext): Promise<Done> {
  const record = recordOf(id, context);
  const folder = context.records.folderOf(id);
  const shm = path.join(folder, 'shm');
  for (const point of mountsBelow(folder)) if (point === shm) await runTool(context, 'umount', [shm]);
  const [left] = mountsBelow(folder);
  if (left !== undefined) throw new Error(`${left} is still mounted: umount it, and try again`);
  const there = fs.existsSync(folder);
  fs.rmSync(folder, { recursive: true, force: true });
  return removePinFolder(record) || there ? 'done' : 'nothing';
}

function removePinFolder({ net }: SandboxRecord): boolean {
  if (net.path === '') return false;
  try {
    fs.rmdirSync(path.dirname(net.path));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function write(folder: string, name: string, text: string): void {
  const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_TRUNC | fs.constants.O_NOFOLLOW;
  const file = path.join(folder, name);
  // A link in its place goes; a folder is told.
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) fs.rmSync(file);
  const fd = fs.openSync(file, flags, 0o644);
  try {
    fs.writeFileSync(fd, text);
  } finally {
    fs.closeSync(fd);
  }
}

/** Mount points in a folder, the latest first, as mountinfo escapes them: ours hold nothing to be escaped. */
function mountsBelow(folder: string): string[] {
  return fs
    .readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${folder}/`))
    .reverse();
}
