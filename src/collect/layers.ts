/** A mount as containerd's snapshotter gives it. */
interface Mount {
  type: string;
  source: string;
  options: string[];
}

const LOWER = 'lowerdir=';
const UPPER = 'upperdir=';

/**
 * The folders that a snapshot's mount is put together from, uppermost first: the layers of an overlay below the
 * container's own, or the folder of a bind mount. Null for what is no folder (a device, a file system image).
 */
export function layersOf(mounts: readonly Mount[]): string[] | null {
  const [mount, ...others] = mounts;
  if (mount === undefined || others.length > 0) return null;
  if (mount.type === 'bind') return isPlain(mount.source) ? [mount.source] : null;
  if (mount.type !== 'overlay') return null;
  const lower = mount.options.find((option) => option.startsWith(LOWER))?.slice(LOWER.length);
  const hasUpper = mount.options.some((option) => option.startsWith(UPPER));
  const layers = lower?.split(':') ?? [];
  return hasUpper && layers.length > 0 && layers.every(isPlain) ? layers : null;
}

/** An absolute path that goes nowhere but down. */
function isPlain(path: string): boolean {
  return path.startsWith('/') && !path.includes('\0') && !path.split('/').includes('..');
}
