import type { DeadMount, Facts, SharedDatabase, StalledThread } from './facts.ts';
import { list, oneOf, record, type Shape, text, whole } from './shape.ts';
import { maybeText, maybeWhole } from './shapes-common.ts';

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
    databases: list(record<SharedDatabase>({ path: text, holder: maybeWhole, waiting: list(whole) })),
    asked: whole,
    waitedMs: whole,
  }),
};
