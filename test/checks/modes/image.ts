import type { Mode } from './mode.ts';

export const IMAGE_MODES: readonly Mode[] = [
  { mode: 'IMG-01', check: 'image/sandbox-image-missing' },
  { mode: 'IMG-04', check: 'image/sandbox-image-unpinned' },
];
