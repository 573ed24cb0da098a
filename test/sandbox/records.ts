import type { SandboxRecord } from '../../src/model/sandbox.ts';

/** A whole record of a ready sandbox; `n` makes its id. */
export function sandboxRecord(n: number, change: Partial<SandboxRecord> = {}): SandboxRecord {
  const id = n.toString(16).padStart(4, '0').padEnd(64, 'a');
  const pinned = (type: string, inode: number) => ({
    path: `/run/podctl/ns/${id}/${type}`,
    ns: `4:${4026530000 + inode}` as const,
  });
  return {
    schema: 'podctl.sandbox/v1',
    id,
    name: `web-${n}`,
    revision: 1,
    phase: 'ready',
    createdAt: 1_000_000 + n,
    bootId: 'boot-1',
    privileged: true,
    spec: {
      hostname: `web-${n}`,
      pod: { namespace: 'default', uid: `uid-${n}`, attempt: 0 },
      network: { kind: 'none' },
      sharePid: false,
      sysctls: {},
      dns: { servers: [], searches: [], options: [] },
      ports: [],
      labels: {},
      annotations: {},
    },
    net: pinned('net', n * 10 + 1),
    ipc: pinned('ipc', n * 10 + 2),
    uts: pinned('uts', n * 10 + 3),
    pause: { pid: 1000 + n, startTicks: 500 },
    attachment: null,
    containers: [],
    ...change,
  };
}
