import type { PinType } from '../../src/model/plan.ts';
import type { SandboxRecord } from '../../src/model/sandbox.ts';
import type { Observed } from '../../src/sandbox/observe.ts';
import type { Seen } from '../../src/sandbox/scan.ts';

/** A process in the namespaces of a record. */
export function seen(record: SandboxRecord, pid: number, comm: string, change: Partial<Seen> = {}): Seen {
  const ns = { net: record.net.ns, ipc: record.ipc.ns, uts: record.uts.ns };
  return { pid, startTicks: 500, ppid: 1, comm, ns, ...change };
}

/** A sandbox that is as its record says, its containers apart. */
export function healthy(record: SandboxRecord): Observed {
  const pin = (type: PinType) => {
    const { ns } = record[type];
    return ns === null ? { state: 'missing' as const, ns } : { state: 'pinned' as const, ns };
  };
  return {
    sameBoot: true,
    pins: { net: pin('net'), ipc: pin('ipc'), uts: pin('uts') },
    namespaces: { net: record.net.ns, ipc: record.ipc.ns, uts: record.uts.ns },
    pause: record.pause && seen(record, record.pause.pid, 'pause'),
    strayPauses: [],
    containers: [],
    others: [],
    workers: [],
    folder: true,
    lostFiles: [],
    shmMounted: true,
  };
}
