import type { HostFact, Sandbox } from '../model/facts.ts';

/** Records that lost their time say 1754 or 1970; no Kubernetes is older than this. */
export const FIRST_TIME = Date.UTC(2013, 0, 1);
/** Clocks of a node are read at different moments, and slewed. */
const FUTURE_MS = 120_000;
const SAME_MS = 1000;

/** Sandboxes that the runtime made and that have a time. */
export function dated(sandboxes: readonly Sandbox[]): Sandbox[] {
  return sandboxes.filter((s) => s.provider === undefined && s.createdAt >= FIRST_TIME);
}

/** A sandbox that is older by its attempt and younger by its time than another one of its pod. */
export interface Misordered {
  sandbox: Sandbox;
  newest: Sandbox;
}

/** The latest such one of each pod. */
export function misordered(sandboxes: readonly Sandbox[]): Misordered[] {
  const byPod = new Map<string, Sandbox[]>();
  for (const one of dated(sandboxes)) {
    if (one.uid !== '') byPod.set(one.uid, [...(byPod.get(one.uid) ?? []), one]);
  }
  return [...byPod.values()].flatMap((group) => {
    const [newest, ...older] = group.sort((a, b) => b.attempt - a.attempt);
    if (newest === undefined) return [];
    const wrong = older
      .filter((s) => s.attempt < newest.attempt && s.createdAt > newest.createdAt + SAME_MS)
      .sort((a, b) => b.createdAt - a.createdAt);
    return wrong[0] ? [{ sandbox: wrong[0], newest }] : [];
  });
}

/** Whether a time lies in the future by more than clocks differ. */
export function isInFuture(host: HostFact, time: number): boolean {
  return time > host.now + FUTURE_MS;
}
