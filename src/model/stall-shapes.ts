import type { DeadMount, Facts, StalledThread } from './facts.ts';
import { list, oneOf, record, type Shape, text, whole } from './shape.ts';
import { maybeText } from './shapes-common.ts';

/** Facts about what the runtime waits for. */
export const stallShapes: { [N in 'stalls']: Shape<Facts[N]> } = {
  stalls: record<Facts['stalls']>({
    threads: list(
      record<StalledThread>({
        pid: whole,
        tid: whole,
        comm: text,
        role: oneOf('daemon', 'shim', 'program'),
        sandboxId: text,
        waitsIn: text,
        stack: list(text),
      }),
    ),
    mounts: list(record<DeadMount>({ mountPoint: text, fsType: text, podUid: maybeText })),
    asked: whole,
    waitedMs: whole,
  }),
};
