import type { Facts } from './facts.ts';
import type { LogEvent, RuntimeLog } from './log-facts.ts';
import { amount, list, nullable, oneOf, record, type Shape, text, whole } from './shape.ts';
import { maybeWhole, texts } from './shapes-common.ts';

/** The fact about what a runtime said. */
export const logShapes: { runtimeLog: Shape<Facts['runtimeLog']> } = {
  runtimeLog: list(
    record<RuntimeLog>({
      pid: maybeWhole,
      kind: oneOf('containerd', 'crio'),
      source: text,
      events: list(
        record<LogEvent>({
          kind: oneOf(
            'sandbox-image',
            'pause-start',
            'name-reserved',
            'database-locked',
            'sandbox-made',
            'sandbox-failed',
            'storage-wiped',
          ),
          fields: texts,
          count: whole,
          last: nullable(amount),
        }),
      ),
    }),
  ),
};
