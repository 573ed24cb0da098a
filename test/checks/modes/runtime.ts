import type { Mode } from './mode.ts';

export const RUNTIME_MODES: readonly Mode[] = [
  { mode: 'SBX-03', check: 'sandbox/duplicate-name' },
  { mode: 'RT-01', check: 'runtime/not-ready' },
];
