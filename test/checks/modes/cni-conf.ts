import type { Mode } from './mode.ts';

export const CNI_CONF_MODES: readonly Mode[] = [];
