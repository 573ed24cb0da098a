import type { Mode } from './mode.ts';

export const SANDBOX_MODES: readonly Mode[] = [
  { mode: 'SBX-01', check: 'sandbox/slow-creation' },
  { mode: 'SBX-02', check: 'sandbox/network-kept', messageId: 'halfMade' },
  { mode: 'SBX-05', check: 'sandbox/record-damaged' },
  { mode: 'SBX-06', check: 'sandbox/notready-pile' },
  { mode: 'SBX-07', check: 'sandbox/pod-deleted' },
  { mode: 'SBX-08', check: 'sandbox/network-kept' },
  { mode: 'SBX-09', check: 'sandbox/anchor-lost' },
  { mode: 'SBX-11', check: 'sandbox/address-unrecorded' },
  { mode: 'SBX-13', check: 'sandbox/leaked-shim' },
  { mode: 'SBX-18', check: 'cni/cache-orphaned' },
];
