import type { CheckMeta } from '../../model/check.ts';
import { type ForeignMeta, SAID, SAID_TEMPLATE } from '../../model/foreign-check.ts';

/** A meta that has its form, with what it left out. */
export function wholeMeta(given: ForeignMeta): CheckMeta {
  return {
    proof: '',
    neverReports: [],
    severity: 'warning',
    tags: [],
    needs: [],
    references: [],
    ...given,
    messages: { ...given.messages, [SAID]: SAID_TEMPLATE },
  };
}

/** What is wrong with a meta that has its form; null when nothing is. */
export function metaFault({
  needs = [],
  wants = [],
  messages = {},
  options = {},
}: ForeignMeta): string | null {
  const both = needs.find((name) => wants.includes(name));
  if (both !== undefined) return `meta.wants has ${both}, which meta.needs has already`;
  if (Object.hasOwn(messages, SAID))
    return `meta.messages.${SAID} is podctl's own, for findings that bring a sentence: choose another name`;
  const odd = Object.entries(options).find(([, option]) => !isDefault(option.default));
  return odd
    ? `meta.options.${odd[0]}.default is not a number, a text, true or false, or a list of texts`
    : null;
}

function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string');
  return ['number', 'string', 'boolean'].includes(typeof value);
}
