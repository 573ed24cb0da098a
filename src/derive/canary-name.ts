import type { ProcessIdentity } from '../model/plan.ts';

const NAME = /^podctl-canary-(\d{1,10})-(\d{1,15})$/;

/** What the sandboxes of one canary are called: a DNS label that says which process made them. */
export function canaryName({ pid, startTicks }: ProcessIdentity): string {
  return `podctl-canary-${pid}-${startTicks}`;
}

/** The process that made a sandbox of that name; null for any other name. */
export function canaryMaker(name: string): ProcessIdentity | null {
  const [, pid, startTicks] = NAME.exec(name) ?? [];
  return pid === undefined ? null : { pid: Number(pid), startTicks: Number(startTicks) };
}

/** Namespace of a canary's pod, and what podctl's own sandboxes are shown in. */
export const CANARY_NAMESPACE = 'podctl';
