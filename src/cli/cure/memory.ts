import { createReadHost } from '../../host/read-host.ts';

/** Bytes of memory that a process has to itself, as far as the kernel counts them; 0 when it is gone. */
export function residentOf(pid: number): number {
  try {
    const status = createReadHost().readKernel(`/proc/${pid}/status`);
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
