import type { Mode } from './mode.ts';

export const SANDBOX_MODES: readonly Mode[] = [
  { mode: 'SBX-06', check: 'sandbox/notready-pile' },
  { mode: 'SBX-09', check: 'sandbox/anchor-lost' },
  { mode: 'SBX-13', check: 'sandbox/leaked-shim' },
];
