/** A command line, cut at its NUL bytes. A program may have rewritten it: hostile text. */
export function parseCmdline(text: string): string[] {
  const args = text.split('\0');
  if (args.at(-1) === '') args.pop();
  return args;
}

const MAX_VALUE = 4096;

/**
 * Values of known flags by long name without dashes, in any of the forms `--flag value`, `--flag=value`,
 * `-flag value`, `-f value`. Every known flag takes a value; the last one wins. `rest` is what is left:
 * subcommands, unknown flags and their values.
 */
export function parseFlags(
  args: readonly string[],
  known: ReadonlySet<string>,
  short: Readonly<Record<string, string>> = {},
): { flags: Record<string, string>; rest: string[] } {
  const flags: Record<string, string> = {};
  const rest: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const match = /^--?([A-Za-z][\w-]*)(=[\s\S]*)?$/.exec(arg);
    const name = match?.[1] ?? '';
    const long = known.has(name) ? name : Object.hasOwn(short, name) ? short[name] : undefined;
    if (match === null || long === undefined) {
      rest.push(arg);
      continue;
    }
    let value = match[2]?.slice(1);
    if (value === undefined) {
      i += 1;
      value = args[i] ?? '';
    }
    flags[long] = value.slice(0, MAX_VALUE);
  }
  return { flags, rest };
}
