import { type Args, many } from '../args.ts';
import { findHostRoot } from '../host-root.ts';
import { UsageError } from '../usage-error.ts';

/** What `--active` was told beside it; null without it. */
export interface ActiveRequest {
  /** Null: where podctl's own sandboxes are kept. */
  stateDir: string | null;
  /** Also on a node with a kubelet. */
  despiteKubelet: boolean;
}

const KUBELET = 'kubelet';

/** Throws a UsageError where a canary makes no sense. */
export function activeRequest(args: Args): ActiveRequest | null {
  if (args.active !== true) return null;
  const refuse = (why: string, hint: string) => {
    throw new UsageError(`--active ${why}`, hint);
  };
  if (args['from-snapshot'] !== undefined)
    refuse('makes sandboxes, and a snapshot is no node', 'leave out one');
  if (args.fix === true) refuse('and --fix are two things', 'cure first, then try');
  if (args.root !== undefined && args.root !== '/')
    refuse('makes sandboxes on the machine that it runs on, not below --root', 'run it there');
  if (findHostRoot() !== '')
    refuse('does not work in a debug pod', 'chroot /host podctl, with podctl copied there');
  if (process.geteuid?.() !== 0)
    refuse('makes sandboxes as a runtime does, and needs root', 'run podctl as root');
  const forced = many(args, 'force');
  const other = forced.find((name) => name !== KUBELET);
  if (other !== undefined)
    throw new UsageError(`--force: "${other}" is unknown`, `with --active it is ${KUBELET}`);
  return { stateDir: many(args, 'state-dir').at(-1) ?? null, despiteKubelet: forced.length > 0 };
}
