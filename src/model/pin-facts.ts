import type { NsId } from './namespace.ts';

/** A namespace pin: a bind mount of a namespace file, or a file in a pin folder that is none (any more). */
export interface Pin {
  path: string;
  type: 'net' | 'ipc' | 'uts' | 'user' | 'pid';
  /** Null: the file is there but nothing is mounted on it in the runtime's mount namespace. */
  ns: NsId | null;
  /** How many mounts are stacked on the path. */
  mounts: number;
  /** How many of them lie on another one of the same path: to unmount it once does not free it. Absent: none. */
  stacked?: number;
  /** How many lie below a mount over their folder, where nothing unmounts them any more. Absent: none. */
  hidden?: number;
  /**
   * Still there, with the same namespace, when all other facts were in: else it went away while we looked.
   * Also true, without a second look, while every pin's namespace has a process in it.
   */
  confirmed: boolean;
  /** Which naming scheme made it: cni-<uuid>, bare uuid of CRI-O, podman's netns-<uuid>, or somebody else. */
  scheme: 'containerd' | 'crio' | 'podman' | 'podctl' | 'foreign';
}

export interface PinsFact {
  pins: Pin[];
  /** Pin folders that were looked at, with their mtime: no entry is younger. */
  folders: { path: string; mtime: number }[];
  /**
   * Folders of pins on which something is mounted; `self`: the folder itself, as podman does. Absent in snapshots
   * of earlier versions.
   */
  covers?: { path: string; self: boolean }[];
  /** Process whose mount namespace was read: the runtime's, else PID 1's or our own. */
  seenBy: { pid: number; what: 'runtime' | 'init' | 'self' };
  /** Attachments in libcni's cache that name a pin: their time is the pin's age; `netns` is written as in Pin.path. */
  attachments: { path: string; containerId: string; network: string; netns: string; mtime: number }[];
}
