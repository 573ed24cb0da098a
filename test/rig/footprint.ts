import fs from 'node:fs';
import path from 'node:path';
import { CNI_CACHE, linesOf, namesIn } from './files.ts';
import { instancesFolder } from './instance.ts';
import { commandLine, findProcesses } from './process.ts';

/** What is there now and was not before, each with its kind. */
export function addedSince(before: Record<string, string[]>): string[] {
  return Object.entries(footprint()).flatMap(([kind, now]) =>
    now.filter((line) => !before[kind]?.includes(line)).map((line) => `${kind}: ${line}`),
  );
}

/** What a rig may leave on a machine, by kind: to be compared before and after. */
export function footprint(): Record<string, string[]> {
  const points = linesOf('/proc/self/mounts').map((line) => line.split(' '));
  const hierarchies = points.filter(([, , type]) => type === 'cgroup' || type === 'cgroup2');
  return {
    mounts: points
      .map(([, point = '']) => point)
      .filter((p) => p.startsWith(instancesFolder()) || p.includes('/netns/cni-')),
    pins: namesIn('/run/netns').filter((name) => name.startsWith('cni-')),
    processes: findProcesses(isOurs).map((p) => `${p.pid} ${commandLine(p.pid).join(' ')}`),
    links: namesIn('/sys/class/net'),
    cgroups: hierarchies.flatMap(([, point = '']) => foldersIn(point)),
    cache: namesIn(CNI_CACHE),
    runc: namesIn('/run/containerd/runc/k8s.io'),
    sockets: namesIn('/run/containerd/s'),
    instances: namesIn(instancesFolder()),
  };
}

function isOurs(args: string[]): boolean {
  return (
    /^(containerd.*|runc|ctr|pause)$/.test(path.basename(args[0] ?? '')) || args.join(' ') === 'sleep 86400'
  );
}

/** Two levels: `/podctl-rig-0`, and `/k8s.io/<id>` for containers without a parent. */
function foldersIn(hierarchy: string): string[] {
  const top = namesIn(hierarchy).map((name) => path.join(hierarchy, name));
  const folders = top.filter((f) => fs.statSync(f, { throwIfNoEntry: false })?.isDirectory());
  return [...folders, ...folders.flatMap((f) => namesIn(f).map((name) => path.join(f, name)))].filter((f) =>
    fs.statSync(f, { throwIfNoEntry: false })?.isDirectory(),
  );
}
