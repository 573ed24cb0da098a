import type { Mode } from './mode.ts';

export const CNI_CONF_MODES: readonly Mode[] = [
  { mode: 'CNI-01', check: 'cni/no-configuration' },
  { mode: 'CNI-02', check: 'cni/agent-state-missing' },
  { mode: 'CNI-03', check: 'cni/wrong-configuration', messageId: 'agentGone' },
  { mode: 'CNI-04', check: 'cni/plugin-missing' },
  { mode: 'CNI-05', check: 'cni/version-mismatch' },
  { mode: 'CNI-09', check: 'cni/delegate-state-damaged' },
  { mode: 'CNI-12', check: 'cni/wrong-configuration', messageId: 'otherNetwork' },
  { mode: 'CNI-19', check: 'cni/credentials-expired' },
];
