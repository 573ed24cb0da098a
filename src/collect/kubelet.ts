import type { ReadHost } from '../host/read-host.ts';
import { whyNotToRun } from '../host/trusted-program.ts';
import type { Daemon, KubeletFact } from '../model/facts.ts';
import { absent, complete, failed, type Gathered, type Problem, problem } from '../model/outcome.ts';
import { readBootTime, TICKS_PER_SECOND } from './clock.ts';
import type { CollectContext, Collector } from './collector.ts';
import { knownValue } from './known-value.ts';

const VERSION_TIMEOUT_MS = 3000;

export const kubeletCollector: Collector<'kubelet'> = {
  fact: 'kubelet',
  summary: 'kubelet: its flags, and its version as the running program tells it',
  timeoutMs: VERSION_TIMEOUT_MS + 2000,
  needs: ['daemons'],
  collect(context) {
    return collectKubelet(context);
  },
};

async function collectKubelet({ host, known, signal }: CollectContext): Promise<Gathered<KubeletFact>> {
  const daemons = known('daemons');
  const kubelet = knownValue(daemons)?.find((d) => d.kind === 'kubelet');
  if (kubelet === undefined) {
    if (daemons?.status === 'complete') return absent('no kubelet runs');
    return failed('unavailable', 'which daemons run is not known, so a kubelet may be among them');
  }
  const problems: Problem[] = [];
  const version = await readVersion(host, kubelet, signal, problems);
  const startedAt = readBootTime(host) + (kubelet.startTicks * 1000) / TICKS_PER_SECOND;
  return complete({ pid: kubelet.pid, version, startedAt, flags: kubelet.flags }, problems);
}

/** Asks the program that runs, which may be another one by now than the file of its name. */
async function readVersion(
  host: ReadHost,
  kubelet: Daemon,
  signal: AbortSignal,
  problems: Problem[],
): Promise<string | null> {
  const exe = `/proc/${kubelet.pid}/exe`;
  const unknown = (message: string) => {
    problems.push(problem('unavailable', `kubelet's version is not known: ${message}`, exe));
    return null;
  };
  const reason = whyNotToRun(host, kubelet, 'kubelet');
  if (reason !== null) return unknown(reason);
  const result = await host.run(exe, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS, signal });
  const version = parseKubeletVersion(result.stdout);
  if (version !== null) return version;
  if (result.timedOut) return unknown(`${exe} --version did not end within ${VERSION_TIMEOUT_MS / 1000} s`);
  return unknown(result.startError ?? `${exe} --version ended with code ${result.exitCode} and no version`);
}

/** `Kubernetes v1.36.2` as 1.36.2; null for anything else. */
export function parseKubeletVersion(text: string): string | null {
  return /^Kubernetes v(\d+\.\d+\.\d+[\w.+-]*)\s*$/m.exec(text)?.[1] ?? null;
}
