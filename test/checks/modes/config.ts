import type { Mode } from './mode.ts';

export const CONFIG_MODES: readonly Mode[] = [
  { mode: 'IMG-03', check: 'kubelet/stale-pause-flag', messageId: 'protectsOther' },
  { mode: 'IMG-10', check: 'config/unreadable', messageId: 'ignoredKey' },
  { mode: 'IMG-11', check: 'config/sandbox-image-drift', messageId: 'undone' },
  { mode: 'IMG-13', check: 'config/sandbox-image-drift', messageId: 'kubeadmWants' },
  { mode: 'IMG-14', check: 'kubelet/removed-pause-flag' },
  { mode: 'IMG-15', check: 'kubelet/stale-pause-flag', messageId: 'stale' },
  { mode: 'IMG-16', check: 'config/sandbox-image-drift', messageId: 'otherInUse' },
  { mode: 'IMG-18', check: 'config/malformed-image-name' },
  { mode: 'SBX-16', check: 'kubelet/resolv-conf-missing' },
  { mode: 'SEC-05', check: 'config/mutable-sandbox-tag' },
];
