import type { StallsFact } from '../../model/facts.ts';
import { complete, type Gathered, type Problem, partial, problem } from '../../model/outcome.ts';
import type { CollectContext, Collector } from '../collector.ts';
import { knownValue } from '../known-value.ts';
import { readMountView } from '../mount-view.ts';
import { sharedDatabases } from './databases.ts';
import { deadMounts, remoteMounts } from './mounts.ts';
import { stillWaiting, suspects, waitingThreads } from './threads.ts';

/** A busy disk lets a thread wait for hundredths of a second, and seldom for tenths. */
const LOOKS_MS = [20, 80, 200, 400, 800];
const WAIT_MS = 1500;

/** What keeps the runtime waiting. Where nothing waits this costs one look at the daemon's threads. */
export const stallsCollector: Collector<'stalls'> = {
  fact: 'stalls',
  summary: 'threads of the runtime that wait in the kernel, and mounts that do not answer',
  timeoutMs: 3 * WAIT_MS,
  needs: ['daemons', 'endpoints', 'processes'],
  collect: collectStalls,
};

async function collectStalls({ host, known, signal }: CollectContext): Promise<Gathered<StallsFact>> {
  const daemons = (knownValue(known('daemons')) ?? []).filter((d) => d.kind !== 'dockerd');
  const before = waitingThreads(host, suspects(daemons, knownValue(known('processes')) ?? []));
  const value: StallsFact = {
    threads: [],
    mounts: [],
    databases: sharedDatabases(host, daemons),
    asked: 0,
    waitedMs: WAIT_MS,
  };
  if (before.length === 0) return complete(value);
  for (const ms of LOOKS_MS) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    value.threads = stillWaiting(host, before);
    if (value.threads.length === 0) return complete(value);
  }
  const problems: Problem[] = [];
  const endpoint = knownValue(known('endpoints'))?.chosen?.path ?? null;
  const mounts = remoteMounts(readMountView(host, daemons, endpoint, problems)?.mountinfo ?? '');
  if (host.root !== '' && mounts.length > 0) {
    const why = 'mounts are not asked from inside a pod: run podctl on the node';
    return partial(value, [...problems, problem('unavailable', why)]);
  }
  value.asked = mounts.length;
  value.mounts = await deadMounts(host, mounts, WAIT_MS, signal);
  return complete(value, problems);
}
