import type { Mode } from './mode.ts';

export const CNI_STATE_MODES: readonly Mode[] = [
  { mode: 'CNI-06', check: 'cni/leaked-reservation' },
  { mode: 'CNI-08', check: 'cni/cache-damaged' },
  { mode: 'CNI-13', check: 'cni/dangling-link' },
  { mode: 'CNI-14', check: 'cni/reservation-conflict' },
];
