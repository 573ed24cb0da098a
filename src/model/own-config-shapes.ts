import type { Facts } from './facts.ts';
import type { CheckFile, IgnoreRule } from './own-config-facts.ts';
import { amount, list, oneOf, record, type Shape, text } from './shape.ts';

export const ownConfigShapes: { ownConfig: Shape<Facts['ownConfig']> } = {
  ownConfig: record<Facts['ownConfig']>({
    files: list(text),
    ignores: list(
      record<IgnoreRule>({ check: text, subject: text, reason: text, until: text, file: text, line: amount }),
    ),
    checkFiles: list(
      record<CheckFile>(
        {
          file: text,
          checks: list(text),
          fault: text,
          cure: list(text),
          kind: oneOf('untrusted', 'misnamed', 'broken'),
        },
        'kind',
      ),
    ),
  }),
};
