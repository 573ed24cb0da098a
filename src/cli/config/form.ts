import type { JsonSchema } from '../../model/json-schema.ts';

/** What a text has to be. */
export interface Word {
  /** `a duration, such as 10s` */
  noun: string;
  /** The same for JSON Schema; the longest text that is taken has 1000 characters. */
  schema: JsonSchema;
  fits(text: string): boolean;
  /** The most characters that are taken, where that is not `LONGEST`. */
  longest?: number;
  /** Texts that may have been meant by one that does not fit. */
  near?(text: string): string[];
}

/** The form of a part of the configuration: what validates it, and what its JSON Schema is made from. */
export type Form = { describe?: string } & (
  | { is: 'text'; word: Word }
  | { is: 'whole' | 'number'; min: number; max: number }
  | { is: 'flag' }
  | { is: 'list'; of: Form; distinct?: boolean }
  /** Keys that are known. */
  | {
      is: 'map';
      keys: Readonly<Record<string, Form>>;
      required?: readonly string[];
      /** What the whole is called in messages; default: the configuration. */
      whole?: string;
    }
  /** Any keys of a kind, each with a value of a form. */
  | { is: 'table'; key: Word; of: Form }
  /** Told by who knows the checks. */
  | { is: 'anything' }
);

/** The longest text that is taken. */
export const LONGEST = 1000;

export function schemaOf(form: Form): JsonSchema {
  const schema = plainSchemaOf(form);
  return form.describe === undefined ? schema : { description: form.describe, ...schema };
}

function plainSchemaOf(form: Form): JsonSchema {
  switch (form.is) {
    case 'text':
      return form.word.schema.enum ? form.word.schema : { ...form.word.schema, maxLength: LONGEST };
    case 'whole':
      return { type: 'integer', minimum: form.min, maximum: form.max };
    case 'number':
      return { type: 'number', minimum: form.min, maximum: form.max };
    case 'flag':
      return { type: 'boolean' };
    case 'list':
      return { type: 'array', items: schemaOf(form.of) };
    case 'map':
      return {
        type: 'object',
        properties: Object.fromEntries(Object.entries(form.keys).map(([key, of]) => [key, schemaOf(of)])),
        ...(form.required && { required: form.required }),
        additionalProperties: false,
      };
    case 'table':
      return { type: 'object', propertyNames: form.key.schema, additionalProperties: schemaOf(form.of) };
    case 'anything':
      return {};
  }
}
