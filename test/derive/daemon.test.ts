import { describe, expect, it } from 'vitest';
import { servingDaemon } from '../../src/derive/daemon.ts';
import type { Daemon } from '../../src/model/facts.ts';
import { emptyNode } from '../support/node.ts';

const SOCKET = '/run/containerd/containerd.sock';
const { host, runtimeConfig, daemons } = emptyNode();

function daemon(pid: number, startTicks: number, flags: Daemon['flags'] = {}): Daemon {
  const [model] = daemons;
  if (!model) throw new Error('the empty node has a daemon');
  return { ...model, pid, startTicks, flags };
}

describe('servingDaemon', () => {
  const config = { ...runtimeConfig, address: SOCKET, daemonStartedAt: host.bootTime + 5000 };
  const own = daemon(1, 500);
  const other = daemon(2, 700, { config: '/etc/other.toml' });

  it('goes by the flag, whatever the spelling of /run', () => {
    const flagged = daemon(3, 900, { address: '/var/run/containerd/containerd.sock' });
    expect(servingDaemon(SOCKET, [other, flagged], config, host)).toBe(flagged);
  });

  it('goes by the configuration that was read for the endpoint', () => {
    expect(servingDaemon(SOCKET, [other, own], config, host)).toBe(own);
  });

  it('knows none when only a containerd of another socket runs', () => {
    const elsewhere = { ...config, address: '/run/other.sock', daemonStartedAt: host.bootTime + 7000 };
    expect(servingDaemon(SOCKET, [other], elsewhere, host)).toBeUndefined();
  });

  it('takes a single one where no configuration is known, and none of several', () => {
    expect(servingDaemon(SOCKET, [own], undefined, host)).toBe(own);
    expect(servingDaemon(SOCKET, [own, other], undefined, host)).toBeUndefined();
    expect(servingDaemon(SOCKET, undefined, undefined, undefined)).toBeUndefined();
  });

  it('is never the kubelet', () => {
    expect(servingDaemon(SOCKET, [{ ...own, kind: 'kubelet' }], undefined, host)).toBeUndefined();
  });
});
