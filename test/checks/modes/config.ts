import type { Mode } from './mode.ts';

export const CONFIG_MODES: readonly Mode[] = [
  { mode: 'IMG-10', check: 'config/unreadable' },
  { mode: 'IMG-11', check: 'config/sandbox-image-drift' },
];
