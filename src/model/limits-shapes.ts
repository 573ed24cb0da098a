import type { Facts, Filesystem, OpenFiles, PidsCgroup } from './facts.ts';
import { amount, flag, list, nullable, oneOf, record, type Shape, text, whole } from './shape.ts';
import { maybeWhole } from './shapes-common.ts';

/** Facts about what runs out. */
export const limitsShapes: { [N in 'limits']: Shape<Facts[N]> } = {
  limits: record<Facts['limits']>({
    threads: nullable(
      record<NonNullable<Facts['limits']['threads']>>({ used: whole, pidMax: whole, threadsMax: whole }),
    ),
    cgroups: list(
      record<PidsCgroup>({
        path: text,
        holds: oneOf('runtime', 'pods'),
        pid: maybeWhole,
        used: whole,
        max: maybeWhole,
      }),
    ),
    daemons: list(
      record<OpenFiles>({
        kind: oneOf('containerd', 'crio', 'cri-dockerd', 'kubelet', 'dockerd'),
        pid: whole,
        openFiles: whole,
        maxOpenFiles: maybeWhole,
      }),
    ),
    filesystems: list(
      record<Filesystem>({
        path: text,
        purpose: oneOf('images', 'state', 'run', 'cni'),
        mountPoint: text,
        fsType: text,
        size: amount,
        free: amount,
        usedPercent: amount,
        inodes: amount,
        inodesFree: amount,
        inodesUsedPercent: nullable(amount),
        readOnly: flag,
      }),
    ),
  }),
};
