import type { Mode } from './mode.ts';

export const OTHER_MODES: readonly Mode[] = [
  { mode: 'SBX-12', check: 'sandbox/unrestorable' },
  { mode: 'RT-06', check: 'runtime/sandboxes-fail' },
  { mode: 'RB-01', check: 'runtime/storage-wiped' },
  { mode: 'PD-01', check: 'podman/pause-lost' },
  { mode: 'PD-02', check: 'podman/state-before-boot' },
  { mode: 'PD-03', check: 'podman/leaked-netns' },
  { mode: 'PD-04', check: 'podman/unused-address' },
  { mode: 'CD-01', check: 'config/cri-dockerd-image' },
  { mode: 'CD-02', check: 'sandbox/docker-name-held' },
  { mode: 'CD-03', check: 'sandbox/checkpoint-damaged' },
];
