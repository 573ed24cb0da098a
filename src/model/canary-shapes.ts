import type { CanaryRun, CanaryStep } from './canary-facts.ts';
import type { Facts } from './facts.ts';
import { amount, flag, list, oneOf, record, type Shape, text } from './shape.ts';

const step = record<CanaryStep>({
  name: text,
  part: oneOf('sandbox', 'network'),
  status: oneOf('done', 'failed', 'unjudged', 'not-reached'),
  ms: amount,
  note: text,
});

export const canaryShapes: { canary: Shape<Facts['canary']> } = {
  canary: record<Facts['canary']>({
    runs: list(
      record<CanaryRun>({
        maker: oneOf('runtime', 'podctl'),
        endpoint: text,
        name: text,
        sandboxId: text,
        network: text,
        image: text,
        skipped: text,
        networkUnjudged: text,
        steps: list(step),
        stage: oneOf('', 'network', 'image', 'process', 'name', 'silence'),
        endedByKubelet: flag,
        left: list(text),
        ms: amount,
      }),
    ),
    swept: list(text),
  }),
};
