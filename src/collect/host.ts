import { createReadHost, problemOf, type ReadHost } from '../host/read-host.ts';
import type { HostFact } from '../model/facts.ts';
import { complete, type Gathered, type Problem, problem } from '../model/outcome.ts';
import { readBootTime, TICKS_PER_SECOND } from './clock.ts';
import type { Collector } from './collector.ts';
import { type Mount, parseMountinfo } from './mountinfo.ts';
import { readNamespaces } from './namespaces.ts';

export const hostCollector: Collector<'host'> = {
  fact: 'host',
  summary: 'the machine: kernel, boot, clock, cgroup mode, namespaces of podctl and of PID 1',
  timeoutMs: 2000,
  collect({ host }) {
    return collectHost(host);
  },
};

function collectHost(host: ReadHost): Gathered<HostFact> {
  const problems: Problem[] = [];
  // What the root prefix points at is the node; podctl itself runs here, whatever the prefix.
  const self = readNamespaces(host.root === '' ? host : createReadHost(), '/proc/self/ns');
  const init = readNamespaces(host, '/proc/1/ns');
  for (const found of [self.problem, init.problem]) if (found) problems.push(found);
  return complete(
    {
      hostname: host.readKernel('/proc/sys/kernel/hostname').trim(),
      kernel: host.readKernel('/proc/sys/kernel/osrelease').trim(),
      arch: process.arch,
      bootId: readBootId(host, problems),
      bootTime: readBootTime(host),
      uptime: readUptime(host),
      now: Date.now(),
      ticksPerSecond: TICKS_PER_SECOND,
      cgroup: readCgroupMode(host, problems),
      self: self.ids,
      init: init.ids,
    },
    problems,
  );
}

function readUptime(host: ReadHost): number {
  const seconds = Number.parseFloat(host.readKernel('/proc/uptime'));
  if (!Number.isFinite(seconds)) throw new Error('/proc/uptime does not begin with a number');
  return seconds;
}

function readBootId(host: ReadHost, problems: Problem[]): string | null {
  const path = '/proc/sys/kernel/random/boot_id';
  try {
    return host.readKernel(path).trim();
  } catch (error) {
    problems.push(problemOf(error, path));
    return null;
  }
}

const CGROUP_TYPES = new Set(['cgroup', 'cgroup2']);

function readCgroupMode(host: ReadHost, problems: Problem[]): HostFact['cgroup'] {
  const order = host.root === '' ? ['/proc/self/mountinfo'] : ['/proc/1/mountinfo', '/proc/self/mountinfo'];
  for (const path of order) {
    try {
      return cgroupMode(parseMountinfo(host.readKernel(path), CGROUP_TYPES));
    } catch {
      // The next one may be readable.
    }
  }
  problems.push(problem('unavailable', 'cannot read the cgroup mode: no mountinfo is readable', 'cgroup'));
  return 'none';
}

/** A v1 mount that is only systemd's named hierarchy controls nothing, and does not count. */
export function cgroupMode(mounts: readonly Mount[]): HostFact['cgroup'] {
  const v1 = mounts.some((m) => m.fsType === 'cgroup' && !m.superOptions.some((o) => o.startsWith('name=')));
  const v2 = mounts.some((m) => m.fsType === 'cgroup2');
  if (v1) return v2 ? 'hybrid' : 'v1';
  return v2 ? 'v2' : 'none';
}
