import { isSet } from './is-set.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether more is to be said of our own faults: asked for, or by a pipeline that was started again to debug it. */
export function wantsDebug(env: Environment): boolean {
  return isSet(env.PODCTL_DEBUG) || isSet(env.RUNNER_DEBUG);
}

/** Whether nobody sits there, whatever the streams say: pipelines may give a terminal. */
export function isUnattended(env: Environment): boolean {
  return isSet(env.CI);
}
