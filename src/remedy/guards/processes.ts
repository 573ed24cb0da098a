import { isEnding, isRunning } from '../../host/process.ts';
import { scanProcesses, witnessProcess, witnessProcesses } from '../../host/scan.ts';
import type { GuardContext, GuardOf } from './index.ts';
import { namesOf, namespaceAt, placeOf } from './netns-names.ts';

/** Nobody can tell where a machine's first process is, on some; it is never in a pod. */
const INIT = 1;

export function childless({ process }: GuardOf<'childless'>): string | null {
  if (!isRunning(process)) return `process ${process.pid} is gone, or another one by now`;
  const child = scanProcesses().find((one) => one.ppid === process.pid);
  return child ? `process ${process.pid} has a child: ${child.pid} (${child.comm})` : null;
}

export function processIn({ process, cgroup }: GuardOf<'process-in'>): string | null {
  const seen = witnessProcess(process.pid);
  if (seen?.startTicks !== process.startTicks) return `process ${process.pid} is gone, or another one by now`;
  const paths = (seen.cgroup() ?? '').split('\n').map((line) => line.split(':').slice(2).join(':'));
  const isInside = paths.some((path) => path === cgroup || path.startsWith(`${cgroup}/`));
  return isInside ? null : `process ${process.pid} is not in ${cgroup} any more`;
}

export function namespaceEmpty(
  { path, ns }: GuardOf<'namespace-empty'>,
  { mountNsOf }: GuardContext,
): string | null {
  const now = namespaceAt(placeOf(path, mountNsOf));
  if (now !== ns) return `${path} is ${now ?? 'no namespace'} by now, and was ${ns}`;
  for (const process of scanProcesses()) {
    if (process.ns.net === ns) return `process ${process.pid} (${process.comm}) is in ${path}`;
    if (process.ns.net === null && process.pid !== INIT && isRunning(process) && !isEnding(process.pid))
      return `nobody can tell whether process ${process.pid} (${process.comm}) is in ${path}`;
  }
  return null;
}

export function noPluginRuns({ id, netns }: GuardOf<'no-plugin-runs'>): string | null {
  const names = netns === '' ? [] : namesOf(netns);
  const plugin = witnessProcesses().find((process) => {
    const call = process.cni();
    return call !== null && ((id !== '' && call.containerId === id) || names.includes(call.netns));
  });
  return plugin ? `a CNI plugin is at work on it: process ${plugin.pid} (${plugin.comm})` : null;
}
