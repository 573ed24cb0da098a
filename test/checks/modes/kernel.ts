import type { Mode } from './mode.ts';

export const KERNEL_MODES: readonly Mode[] = [
  { mode: 'NS-03', check: 'netns/mismatch' },
  { mode: 'NS-04', check: 'netns/pin-lost' },
  { mode: 'NS-06', check: 'netns/leaked' },
  { mode: 'CG-04', check: 'cgroup/leaked' },
];
