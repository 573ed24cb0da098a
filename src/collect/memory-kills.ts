import { readKernelLog } from '../host/kernel-log.ts';
import { isMissing, problemOf } from '../host/read-host.ts';
import type { MemoryKill } from '../model/facts.ts';
import { absent, complete, failed } from '../model/outcome.ts';
import { ownerOfPath } from './cgroup-path.ts';
import type { Collector } from './collector.ts';

const LOG = '/dev/kmsg';
const MAX_KILLS = 500;

/** The kernel's log is read only where a sandbox is down: elsewhere it would explain nothing. */
export const memoryKillsCollector: Collector<'memoryKills'> = {
  fact: 'memoryKills',
  summary: 'processes of sandboxes that are down which the kernel killed for want of memory',
  timeoutMs: 3000,
  needs: ['sandboxes'],
  collect({ host, known }) {
    const sandboxes = known('sandboxes');
    if (sandboxes?.status === 'absent') return absent(sandboxes.reason);
    if (sandboxes?.status === 'failed') return { status: 'failed', problem: sandboxes.problem };
    if (sandboxes === undefined) return failed('unavailable', 'which sandboxes are down is not known');
    const down = new Set(sandboxes.value.flatMap(({ id, state }) => (state === 'notready' ? [id] : [])));
    if (down.size === 0) return complete([]);
    try {
      const records = readKernelLog(host.locate(LOG));
      const kills = records.flatMap((record) => parseMemoryKill(record) ?? []);
      return complete(kills.filter(({ containerId }) => down.has(containerId)).slice(-MAX_KILLS));
    } catch (error) {
      if (isMissing(error)) return absent(`there is no ${LOG}`);
      return { status: 'failed', problem: problemOf(error, LOG) };
    }
  },
};

/** `prio,number,microseconds,flags;oom-kill:constraint=...,task_memcg=PATH,task=NAME,pid=N,uid=N`; null for others. */
export function parseMemoryKill(record: string): MemoryKill | null {
  const parts =
    /^\d+,\d+,(\d{1,18}),[^;\n]*;oom-kill:constraint=\w+,([^\n]*?)task_memcg=(\/[^,\n]*),task=([^\n]*),pid=(\d{1,10}),uid=\d+/.exec(
      record,
    );
  if (parts === null) return null;
  const [, time = '', before = '', cgroup = '', comm = '', pid = ''] = parts;
  const { containerId } = ownerOfPath(cgroup);
  if (containerId === null) return null;
  const limitOf = /(?:^|,)oom_memcg=(\/[^,]*)/.exec(before)?.[1] ?? '';
  return { containerId, pid: Number(pid), comm, limitOf, at: Math.floor(Number(time) / 1000) };
}
