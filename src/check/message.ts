/** Fills `{{key}}` from data. Throws on a key without data: a message with a hole helps nobody. */
export function fillMessage(template: string, data: Record<string, string | number | boolean>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    if (!Object.hasOwn(data, key)) throw new Error(`no data for {{${key}}} in "${template}"`);
    return String(data[key]);
  });
}
