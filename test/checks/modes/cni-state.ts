import type { Mode } from './mode.ts';

export const CNI_STATE_MODES: readonly Mode[] = [
  { mode: 'CNI-06', check: 'cni/leaked-reservation', messageId: 'leaked' },
  { mode: 'CNI-07', check: 'cni/leaked-reservation', messageId: 'alone' },
  { mode: 'CNI-08', check: 'cni/cache-damaged' },
  { mode: 'CNI-10', check: 'cni/bridge-address' },
  { mode: 'CNI-13', check: 'cni/dangling-link' },
  { mode: 'CNI-14', check: 'cni/reservation-conflict' },
  { mode: 'CNI-16', check: 'cni/leaked-reservation', messageId: 'kept' },
  { mode: 'CNI-21', check: 'cni/stale-rule' },
  { mode: 'CNI-22', check: 'cni/missing-rule' },
];
