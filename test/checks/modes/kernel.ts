import type { Mode } from './mode.ts';

export const KERNEL_MODES: readonly Mode[] = [
  { mode: 'NS-03', check: 'netns/mismatch' },
  { mode: 'NS-04', check: 'netns/pin-lost' },
  { mode: 'NS-05', check: 'netns/pin-stacked', messageId: 'stacked' },
  { mode: 'NS-06', check: 'netns/leaked' },
  { mode: 'NS-07', check: 'netns/hidden' },
  { mode: 'NS-08', check: 'sandbox/zombies' },
  { mode: 'NS-10', check: 'netns/pin-stacked', messageId: 'covered' },
  { mode: 'NS-11', check: 'netns/folder-switched' },
  { mode: 'SBX-10', check: 'sandbox/pause-out-of-memory' },
  { mode: 'SBX-17', check: 'sandbox/foreign-pause' },
  { mode: 'NS-01', check: 'sandbox/pauseless' },
  { mode: 'CG-01', check: 'cgroup/driver-mismatch' },
  { mode: 'CG-03', check: 'cgroup/occupied' },
  { mode: 'CG-04', check: 'cgroup/leaked' },
  { mode: 'SEC-04', check: 'runtime/abstract-socket' },
];
