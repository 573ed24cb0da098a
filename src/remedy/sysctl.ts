import type { PinType } from '../model/plan.ts';

const IPC = /^(kernel\.(shm|msg)[a-z_]+|kernel\.sem|fs\.mqueue\.[a-z_]+)$/;
const UTS = /^kernel\.(hostname|domainname)$/;
const NET = /^net\.[\w.:-]+$/;

/** Namespace that a sysctl belongs to; null for one of the whole machine, or no sysctl at all. */
export function sysctlType(key: string): PinType | null {
  if (key.includes('..')) return null;
  if (NET.test(key)) return 'net';
  if (IPC.test(key)) return 'ipc';
  return UTS.test(key) ? 'uts' : null;
}
