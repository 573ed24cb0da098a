import type { Mode } from './mode.ts';

export const RUNTIME_MODES: readonly Mode[] = [
  { mode: 'SBX-03', check: 'sandbox/duplicate-name' },
  { mode: 'SBX-15', check: 'runtime/dead-mount' },
  { mode: 'RT-01', check: 'runtime/unreachable', messageId: 'criDisabled' },
  { mode: 'RT-02', check: 'runtime/other-endpoint' },
  { mode: 'RT-03', check: 'sandbox/stopped-shim' },
  { mode: 'RT-04', check: 'runtime/exhausted' },
  { mode: 'RT-05', check: 'sandbox/clock-jump' },
  { mode: 'RB-02', check: 'sandbox/unknown-container' },
  { mode: 'RB-03', check: 'sandbox/before-boot' },
];
