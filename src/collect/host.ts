import { createReadHost, problemOf, type ReadHost } from '../host/read-host.ts';
import type { HostFact } from '../model/facts.ts';
import { complete, type Gathered, type Problem, problem } from '../model/outcome.ts';
import { readBootTime, TICKS_PER_SECOND } from './clock.ts';
import type { Collector } from './collector.ts';
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

function readCgroupMode(host: ReadHost, problems: Problem[]): HostFact['cgroup'] {
  const order = host.root === '' ? ['/proc/self/cgroup'] : ['/proc/1/cgroup', '/proc/self/cgroup'];
  for (const path of order) {
    try {
      return cgroupMode(host.readKernel(path));
    } catch {
      // The next one may be readable.
    }
  }
  problems.push(problem('unavailable', `cannot read the cgroup mode: no ${order[0]}`, 'cgroup'));
  return 'none';
}

/**
 * The mode from the text of /proc/PID/cgroup, which names the hierarchies that were ever mounted; a hundred pods
 * make mountinfo long. A v1 hierarchy that is only systemd's named one controls nothing, and does not count.
 */
export function cgroupMode(text: string): HostFact['cgroup'] {
  const controllers = text.split('\n').map((line) => line.split(':', 2)[1]);
  const v1 = controllers.some((names) => names && !names.startsWith('name='));
  const v2 = controllers.includes('');
  if (v1) return v2 ? 'hybrid' : 'v1';
  return v2 ? 'v2' : 'none';
}
