import { flag, record, text } from '../model/shape.ts';
import { callHelper, type HelperOptions, type Line, lineWith } from './helper.ts';
import type { MountPlace } from './namespaces.ts';
import type { Native } from './problem.ts';

/** `wasMounted`: it was mounted before we came. */
interface Shm {
  folder: string;
  wasMounted: boolean;
}

const shm = record<Shm>({ folder: text, wasMounted: flag });

/** Mounts a tmpfs (default: 64 MiB, as in a pod) on a folder, to become /dev/shm. Nothing to do where one is. */
export async function mountShm(
  { folder, size, mountNsOf }: { folder: string; size?: number } & MountPlace,
  options?: HelperOptions,
): Promise<Native<Shm>> {
  const bytes = size === undefined ? [] : ['--size', String(size)];
  return told(await callHelper('shm', [...bytes, ...place(mountNsOf), '--', folder], options));
}

/** Unmounts it again; the folder stays. Nothing to do where none is, or no folder. */
export async function unmountShm(
  { folder, mountNsOf }: { folder: string } & MountPlace,
  options?: HelperOptions,
): Promise<Native<Shm>> {
  return told(await callHelper('unshm', [...place(mountNsOf), '--', folder], options));
}

function place(mountNsOf: number | undefined): string[] {
  return mountNsOf === undefined ? [] : ['--mount-ns-of', String(mountNsOf)];
}

function told(lines: Native<Line[]>): Native<Shm> {
  return lines.ok ? lineWith('folder', shm, lines.value) : lines;
}
