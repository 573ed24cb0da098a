import type { Mode } from './mode.ts';

export const IMAGE_MODES: readonly Mode[] = [
  { mode: 'IMG-01', check: 'image/pull-failing', messageId: 'unreachable' },
  { mode: 'IMG-02', check: 'image/sandbox-image-unpinned', messageId: 'collectedSoon' },
  { mode: 'IMG-04', check: 'image/sandbox-image-unpinned', messageId: 'unpinned' },
  { mode: 'IMG-05', check: 'image/pin-label' },
  { mode: 'IMG-06', check: 'image/pull-failing', messageId: 'noCredentials' },
  { mode: 'IMG-07', check: 'image/name-not-canonical' },
  { mode: 'IMG-08', check: 'image/frozen-registry' },
  { mode: 'IMG-09', check: 'image/wrong-store' },
  { mode: 'IMG-17', check: 'image/pause-damaged' },
];
